package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Pooling;

/** Values out of range are refused, and positions and learning rates are what they should be. */
class TrainingValuesTest {
  private static final TinyTraining TRAINING = TinyTraining.of("contrastive");

  @Test
  void theLearningRateRisesAndFalls() {
    OptimizerSettings settings = new OptimizerSettings(0.5, 0, 4, 12, 1);
    assertThat(settings.learningRate(0)).isZero();
    assertThat(settings.learningRate(1)).isEqualTo(0.125);
    assertThat(settings.learningRate(4)).isEqualTo(0.5);
    assertThat(settings.learningRate(11)).isCloseTo(0.0625, within(1e-12));
    assertThat(settings.learningRate(12)).isZero();
    assertThat(settings.learningRate(13)).isZero();
    assertThat(new OptimizerSettings(0.5, 0, 0, 2, 1).learningRate(0)).isEqualTo(0.5);
    assertThat(new OptimizerSettings(0.5, 0, 20, 2, 1).learningRate(2)).isEqualTo(0.05);
  }

  @Test
  void positionsOfRobertaSkipThePaddingTokenInsideATextAndBertsDoNot() {
    EncoderSpecification roberta =
        TinyTraining.of("roberta-cls-normalize").golden().specification();
    int[][] texts = {{0, 7, 1, 9, 2}, {0, 2}};
    assertThat(TokenLayout.of(texts, roberta).positions()).containsExactly(2, 3, 1, 4, 5, 2, 3);
    EncoderSpecification bert = TRAINING.golden().specification();
    assertThat(TokenLayout.of(texts, bert).positions()).containsExactly(0, 1, 2, 3, 4, 0, 1);
  }

  @Test
  void specificationsAreChecked() {
    EncoderShape roberta = new EncoderShape("xlm-roberta", 1, 4, 2, 8, 10, 12, 2);
    requireRefused(
        () -> specification(roberta, 0, 0.1, Pooling.MEAN),
        "Cannot train encoder: the first position must be 0 or follow pad_token_id 0, found 2");
    requireRefused(
        () -> specification(roberta, 10, 0.1, Pooling.MEAN),
        "Cannot train encoder: pad_token_id must be from 0 to 9, found 10");
    requireRefused(
        () -> specification(roberta, 1, 1, Pooling.MEAN),
        "Cannot train encoder: hidden_dropout_prob must be at least 0 and below 1, found 1.0");
    requireRefused(
        () -> specification(roberta, 1, 0.1, Pooling.MAX),
        "Cannot train encoder: pooling must be mean or cls, found MAX");
  }

  private static EncoderSpecification specification(
      EncoderShape shape, int padding, double dropout, Pooling pooling) {
    return new EncoderSpecification(
        shape, padding, 1e-12, HiddenActivation.GELU, 2, dropout, 0.1, pooling, false);
  }

  @Test
  void settingsAreChecked() {
    requireRefused(
        () -> new OptimizerSettings(2, 0, 0, 1, 1),
        "Cannot train: the learning rate must be above 0 and at most 1, found 2.0");
    requireRefused(
        () -> new OptimizerSettings(1e-5, 0, 0, 0, 1),
        "Cannot train: the number of steps must be at least 1, found 0");
    requireRefused(
        () -> new OptimizerSettings(1e-5, 0, 0, 1, Double.NaN),
        "Cannot train: the maximum gradient norm must be above 0, found NaN");
    requireRefused(
        () -> new Loss.Contrastive(0),
        "Cannot use contrastive loss: its margin must be above 0 and at most 2, found 0.0");
    requireRefused(
        () -> new Loss.CoSent(-1),
        "Cannot use CoSENT loss: its scale must be positive, found -1.0");
    requireRefused(
        () -> new Freeze(false, 2),
        "Cannot freeze layers: embeddings must be frozen with them, found 2 layers");
    requireRefused(
        () -> TRAINING.with(Freeze.NOTHING, -1, false),
        "Cannot train: the rank of LoRA must not be negative, found -1");
  }

  @Test
  void batchesAreChecked() {
    int[][] one = {{2, 3}};
    requireRefused(
        () -> new PairBatch(one, new int[2][], new float[1]),
        "Cannot train: a batch must have as many second texts as first ones, found 1 and 2");
    requireRefused(
        () -> new PairBatch(one, one, new float[2]),
        "Cannot train: a batch must have a label for each of 1 pairs or none, found 2");
    try (EncoderTrainer trainer = TRAINING.open()) {
      requireRefused(
          () -> trainer.step(List.of(new PairBatch(one, one, new float[0]))),
          "Cannot train: Contrastive[margin=0.5] must have a label for each of 1 pairs, found none");
      requireRefused(
          () -> trainer.step(List.of()), "Cannot train: a step must have a batch, found none");
    }
  }

  @Test
  void weightsAreChecked() {
    StoredWeights weights = StoredWeights.copyOf(TRAINING.golden().before());
    String name = "encoder.layer.1.output.dense.bias";
    weights.put(name, new long[] {16}, new float[16]);
    weights.values(name)[3] = Float.NaN;
    requireRefused(
        () -> TRAINING.open(weights),
        "Cannot train encoder: the values of " + name + " must be finite, found NaN");
    weights.put(name, new long[] {15}, new float[15]);
    requireRefused(
        () -> TRAINING.open(weights),
        "Cannot train encoder: the shape of " + name + " must be [16], found [15]");
    weights.remove(name);
    requireRefused(
        () -> TRAINING.open(weights),
        "Cannot train encoder: its weights must have " + name + ", found 36 others");
  }

  @Test
  void aClosedTrainerIsRefused() {
    EncoderTrainer trainer = TRAINING.open();
    trainer.close();
    assertThatThrownBy(() -> trainer.embed(new int[][] {{2, 3}}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot use trainer: it must be open, found closed");
  }

  private static void requireRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
