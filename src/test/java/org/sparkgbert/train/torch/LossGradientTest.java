package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient of a loss says how the loss changes when a weight does. */
class LossGradientTest {
  private static final String TENSOR = "encoder.layer.1.attention.output.dense.weight";
  private static final float STEP = 1e-2f;

  static List<String> trainings() {
    return GoldenTraining.names();
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void gradientsAreTheSlopesOfTheLoss(String name) {
    TinyTraining training = TinyTraining.of(name);
    float[] gradient = gradient(training);
    double scale = 0;
    for (float value : gradient) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < gradient.length; i += 51) {
      double slope = (loss(training, i, STEP) - loss(training, i, -STEP)) / (2 * STEP);
      assertThat((double) gradient[i]).as(name + " " + i).isCloseTo(slope, within(0.02 * scale));
    }
  }

  private static float[] gradient(TinyTraining training) {
    EncoderSpecification specification = training.golden().specification();
    try (NDManager manager = Torch.newManager(OptionalInt.empty());
        NDManager step = manager.newSubManager()) {
      EncoderArrays arrays =
          new EncoderArrays(
              specification, training.golden().before(), training.settings(), manager);
      GradientPass pass =
          new GradientPass(
              specification,
              training.settings(),
              arrays.all(),
              arrays.trained(),
              new EncoderConstants(specification.shape(), manager),
              step);
      pass.add(layout(training), training.batch(0).labels(), 1);
      TrainedTensor tensor =
          arrays.trained().stream().filter(each -> each.name().equals(TENSOR)).findFirst().get();
      return NativeTensors.download(pass.gradient(tensor));
    }
  }

  private static TokenLayout layout(TinyTraining training) {
    PairBatch batch = training.batch(0);
    int[][] texts = new int[2 * batch.pairs()][];
    System.arraycopy(batch.first(), 0, texts, 0, batch.pairs());
    System.arraycopy(batch.second(), 0, texts, batch.pairs(), batch.pairs());
    return TokenLayout.of(texts, training.golden().specification());
  }

  private static double loss(TinyTraining training, int element, float added) {
    StoredWeights weights = StoredWeights.copyOf(training.golden().before());
    weights.values(TENSOR)[element] += added;
    try (EncoderTrainer trainer = training.open(weights)) {
      return trainer.step(List.of(training.batch(0))).loss();
    }
  }
}
