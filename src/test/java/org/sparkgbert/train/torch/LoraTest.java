package org.sparkgbert.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Low-rank adaptation starts from the encoder as it is, and merges into it. */
class LoraTest {
  private static final TinyTraining PLAIN = TinyTraining.of("cosine-similarity");
  private static final TinyTraining ADAPTED = PLAIN.with(Freeze.NOTHING, 4, false);
  private static final float TOLERANCE = 1e-5f;

  private final int[][] texts = PLAIN.batch(7).first();

  @Test
  void beforeTheFirstStepItChangesNothing() {
    try (EncoderTrainer plain = PLAIN.open();
        EncoderTrainer adapted = ADAPTED.open()) {
      assertThat(adapted.embed(texts)).isDeepEqualTo(plain.embed(texts));
      assertThat(TinyTraining.values(adapted.weights()))
          .usingRecursiveComparison()
          .isEqualTo(TinyTraining.values(plain.weights()));
    }
  }

  @Test
  void mergedWeightsGiveTheSameVectors() {
    try (EncoderTrainer adapted = ADAPTED.open()) {
      float[][] before = adapted.embed(texts);
      ADAPTED.train(adapted, 0, 10);
      float[][] trained = adapted.embed(texts);
      assertThat(largestDifference(trained, before)).isGreaterThan(1e-3);
      try (EncoderTrainer merged = PLAIN.open(adapted.weights())) {
        assertThat(largestDifference(trained, merged.embed(texts))).isLessThan(TOLERANCE);
      }
    }
  }

  @Test
  void onlyQueriesAndValuesOfLayersThatAreNotFrozenChange() {
    TinyTraining training = PLAIN.with(Freeze.layers(1), 4, false);
    Map<String, float[]> before = TinyTraining.values(PLAIN.golden().before());
    try (EncoderTrainer adapted = training.open()) {
      training.train(adapted, 0, 4);
      Map<String, float[]> after = TinyTraining.values(adapted.weights());
      List<String> changed =
          after.keySet().stream()
              .filter(name -> !Arrays.equals(before.get(name), after.get(name)))
              .toList();
      assertThat(changed)
          .containsExactly(
              "encoder.layer.1.attention.self.query.weight",
              "encoder.layer.1.attention.self.value.weight");
    }
  }

  @Test
  void firstValuesFollowFromTheSeed() {
    List<WeightTensor> matrices =
        LoraMatrices.initial(PLAIN.golden().specification().shape(), ADAPTED.settings());
    assertThat(matrices).hasSize(8);
    WeightTensor down = matrices.get(0);
    assertThat(down.shape()).containsExactly(4, 16);
    double meanSquare = 0;
    for (float value : down.values()) {
      assertThat(value).isBetween(-0.25f, 0.25f);
      meanSquare += value * value / 64.0;
    }
    assertThat(meanSquare).isCloseTo(1.0 / 48, within(0.008));
    assertThat(matrices.get(1).values()).containsOnly(0f);
  }

  private static double largestDifference(float[][] one, float[][] other) {
    double largest = 0;
    for (int i = 0; i < one.length; i++) {
      for (int j = 0; j < one[i].length; j++) {
        largest = Math.max(largest, Math.abs(one[i][j] - other[i][j]));
      }
    }
    return largest;
  }
}
