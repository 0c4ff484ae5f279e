package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two batches of two pairs move the weights as one of four does, where a loss is a mean. */
class AccumulationTest {
  @ParameterizedTest
  @ValueSource(strings = {"contrastive", "cosine-similarity"})
  void twoHalvesAreOneWhole(String name) {
    TinyTraining training = TinyTraining.of(name);
    try (EncoderTrainer whole = training.open();
        EncoderTrainer halves = training.open()) {
      for (int step = 0; step < 4; step++) {
        PairBatch batch = training.batch(step);
        StepResult one = whole.step(List.of(batch));
        StepResult two =
            halves.step(List.of(TinyTraining.part(batch, 0, 2), TinyTraining.part(batch, 2, 4)));
        assertThat(two.loss()).isCloseTo(one.loss(), within(1e-6));
        assertThat(two.gradientNorm()).isCloseTo(one.gradientNorm(), within(1e-5));
        assertThat(two.tokens()).isEqualTo(one.tokens());
      }
      requireClose(whole.weights(), halves.weights());
    }
  }

  private static void requireClose(WeightSource expected, WeightSource found) {
    for (String name : expected.names()) {
      // What a key's bias adds has no effect: its gradient is rounding, and its steps are any.
      float tolerance = name.endsWith("key.bias") ? 1e-2f : 1e-5f;
      assertThat(found.read(name).values())
          .as(name)
          .containsExactly(expected.read(name).values(), within(tolerance));
    }
  }
}
