package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A step that is not finite is refused, and leaves nothing behind. */
class DivergedTrainingTest {
  private static final TinyTraining TRAINING = TinyTraining.of("cosine-similarity");

  @ParameterizedTest
  @CsvSource({"NaN, loss NaN", "1e30, loss Infinity"})
  void theNextStepIsAsIfItHadNotBeen(float label, String found) {
    try (EncoderTrainer trainer = TRAINING.open();
        EncoderTrainer calm = TRAINING.open()) {
      TRAINING.train(trainer, 0, 2);
      assertThatThrownBy(() -> trainer.step(List.of(TRAINING.batch(2), labelled(label))))
          .isInstanceOf(DivergedException.class)
          .hasMessage(
              "Cannot train on: loss and gradients must be finite, found %s at step 3 with learning"
                      .formatted(found)
                  + " rate 0.000667; lower the learning rate, or look for weights and labels that"
                  + " are far too large");
      assertThat(trainer.steps()).isEqualTo(2);
      TRAINING.train(trainer, 2, 5);
      TRAINING.train(calm, 0, 5);
      assertThat(TinyTraining.values(trainer.weights()))
          .usingRecursiveComparison()
          .isEqualTo(TinyTraining.values(calm.weights()));
    }
  }

  /** Numbers whose cube is infinite, in gelu, come to nothing in the loss but not in gradients. */
  @Test
  void gradientsThatAreNotFiniteMoveNothing() {
    TinyTraining training = TinyTraining.of("roberta-cls-normalize");
    StoredWeights weights = StoredWeights.copyOf(training.golden().before());
    Arrays.fill(weights.values("encoder.layer.1.intermediate.dense.bias"), 1e20f);
    Arrays.fill(weights.values("encoder.layer.1.output.dense.weight"), 0);
    try (EncoderTrainer trainer = training.open(weights)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> trainer.step(List.of(training.batch(0))))
            .isInstanceOf(DivergedException.class)
            .hasMessageContaining("found gradient norm NaN at step 1 ");
      }
      assertThat(TinyTraining.values(trainer.weights()))
          .usingRecursiveComparison()
          .isEqualTo(TinyTraining.values(weights));
    }
  }

  /** One pair of the batch has this label. */
  private static PairBatch labelled(float label) {
    PairBatch batch = TRAINING.batch(3);
    float[] labels = batch.labels().clone();
    labels[1] = label;
    return new PairBatch(batch.first(), batch.second(), labels);
  }
}
