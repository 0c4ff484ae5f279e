package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training gives the losses, gradient norms and weights of PyTorch and sentence-transformers. */
class GoldenTrainingTest {
  private static final double TOLERANCE = 1e-5;

  static List<String> trainings() {
    return GoldenTraining.names();
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void tenStepsAreThoseOfPyTorch(String name) {
    GoldenTraining golden = GoldenTraining.read(name);
    try (EncoderTrainer trainer =
        EncoderTrainer.open(golden.specification(), golden.before(), golden.settings())) {
      assertThat(golden.steps()).hasSize(10);
      for (GoldenTraining.Step step : golden.steps()) {
        requireSame(trainer.step(List.of(step.batch())), step);
      }
      requireSame(trainer.weights(), golden);
    }
  }

  private static void requireSame(StepResult found, GoldenTraining.Step golden) {
    assertThat(found.loss()).isCloseTo(golden.loss(), tolerance(golden.loss()));
    assertThat(found.gradientNorm())
        .isCloseTo(golden.gradientNorm(), tolerance(golden.gradientNorm()));
    assertThat(found.learningRate()).isCloseTo(golden.learningRate(), within(1e-12));
  }

  private static org.assertj.core.data.Offset<Double> tolerance(double value) {
    return within(TOLERANCE * Math.max(1, value));
  }

  /**
   * A key's bias adds the same to all attention scores of a token, which changes nothing: its
   * gradient is rounding, and AdamW makes steps of it that are as long as any.
   */
  private static void requireSame(WeightSource found, GoldenTraining golden) {
    double rates = golden.steps().stream().mapToDouble(GoldenTraining.Step::learningRate).sum();
    for (String name : found.names()) {
      double tolerance = name.endsWith("key.bias") ? 2 * rates : TOLERANCE;
      assertThat(found.read(name).values())
          .as(name)
          .containsExactly(golden.after().values(name), within((float) tolerance));
    }
  }
}
