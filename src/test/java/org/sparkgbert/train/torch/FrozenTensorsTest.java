package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What is frozen keeps its bits; what is not moves. */
class FrozenTensorsTest {
  private static final TinyTraining TRAINING = TinyTraining.of("cosine-similarity");

  @Test
  void frozenEmbeddingsStay() {
    requireStays(Freeze.EMBEDDINGS, name -> name.startsWith("embeddings."));
  }

  @Test
  void frozenLayersStayWithTheEmbeddings() {
    requireStays(Freeze.layers(1), name -> !name.startsWith("encoder.layer.1."));
  }

  @Test
  void withoutFreezingEverythingMoves() {
    requireStays(Freeze.NOTHING, name -> false);
  }

  @Test
  void freezingAllLayersLeavesNothingToTrain() {
    assertThatThrownBy(() -> TRAINING.with(Freeze.layers(2), 0, false).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot train: a layer must not be frozen, found 2 frozen layers of 2");
  }

  private static void requireStays(Freeze freeze, Predicate<String> frozen) {
    TinyTraining training = TRAINING.with(freeze, 0, false);
    Map<String, float[]> before = TinyTraining.values(training.golden().before());
    try (EncoderTrainer trainer = training.open()) {
      training.train(trainer, 0, 3);
      List<String> stayed =
          trainer.weights().names().stream()
              .filter(
                  name -> Arrays.equals(before.get(name), trainer.weights().read(name).values()))
              .toList();
      assertThat(stayed)
          .containsExactlyElementsOf(trainer.weights().names().stream().filter(frozen).toList());
    }
  }
}
