package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Pooling;

/** Whatever a trainer does, the arrays that live are those that it was opened with. */
class NativeMemoryTest {
  private static final int STEPS = 1_500;

  private final TinyTraining training =
      TinyTraining.of("cosine-similarity").with(Freeze.layers(1), 0, true);

  @Test
  void stepsEmbeddingsAndFailuresLeaveNoArray() {
    int outside = allArrays();
    try (EncoderTrainer trainer = training.open()) {
      int opened = allArrays();
      assertThat(opened).isGreaterThan(outside);
      for (int step = 0; step < STEPS; step++) {
        trainer.step(List.of(TinyTraining.part(training.batch(step % 10), 0, 1)));
      }
      trainer.embed(training.batch(0).first());
      TinyTraining.values(trainer.weights());
      assertThatThrownBy(() -> trainer.step(List.of(withoutNumbers())))
          .isInstanceOf(DivergedException.class);
      assertThat(allArrays()).isEqualTo(opened);
    }
    assertThat(allArrays()).isEqualTo(outside);
  }

  /** Those that lost their manager belong to the engine's own, so that they count too. */
  private static int allArrays() {
    try (NDManager manager = Torch.newManager(OptionalInt.empty())) {
      return manager.getParentManager().getManagedArrays().size();
    }
  }

  private PairBatch withoutNumbers() {
    PairBatch batch = training.batch(0);
    return new PairBatch(batch.first(), batch.second(), new float[] {Float.NaN, 0, 0, 0});
  }

  /** Attention scores of 2^47 bytes are more than any process can address. */
  @Test
  void aBatchThatNoMemoryHoldsIsNamed() {
    int tokens = 1 << 20;
    EncoderSpecification wide =
        new EncoderSpecification(
            new EncoderShape("bert", 1, 32, 32, 1, 5, tokens, 0),
            0,
            1e-12,
            HiddenActivation.GELU,
            0,
            0,
            0,
            Pooling.MEAN,
            false);
    StoredWeights weights = new StoredWeights();
    TensorShapes.of(wide)
        .forEach((name, shape) -> weights.put(name, shape, new float[elements(shape)]));
    int outside = allArrays();
    try (EncoderTrainer trainer =
        EncoderTrainer.open(wide, weights, training.with(Freeze.EMBEDDINGS, 0, false).settings())) {
      int opened = allArrays();
      PairBatch batch =
          new PairBatch(new int[][] {new int[tokens]}, new int[][] {{1}}, new float[1]);
      assertThatThrownBy(() -> trainer.step(List.of(batch)))
          .isInstanceOf(TorchException.class)
          .hasMessageStartingWith(
              "Cannot train: PyTorch has no memory left for [2 texts of up to 1048576 tokens];"
                  + " lower the batch size (accumulate batches instead) or the maximum number of"
                  + " tokens, freeze layers, or train LoRA matrices; found ");
      assertThat(allArrays()).isEqualTo(opened);
    }
    assertThat(allArrays()).isEqualTo(outside);
  }

  private static int elements(long[] shape) {
    return (int) (shape[0] * (shape.length > 1 ? shape[1] : 1));
  }
}
