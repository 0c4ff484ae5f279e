package org.sparkgbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevSetTest {
  /** Their vectors are at angles of 0, 10, 40 and 90 degrees. */
  private static final int[][] TEXTS = {{0}, {10}, {40, 1}, {90}};

  @Test
  void spearmanAndPearsonAreThoseOfCosineAndGoldScore() {
    DevSet dev =
        new DevSet(
            new TokenPairs(
                new int[][] {TEXTS[0], TEXTS[0], TEXTS[0]},
                new int[][] {TEXTS[1], TEXTS[2], TEXTS[3]},
                new double[] {1, 0.2, 0.5},
                0,
                0));
    DevScore score = dev.evaluate(DevSetTest::embed, 0.5, 7);
    assertThat(score.epoch()).isEqualTo(0.5);
    assertThat(score.step()).isEqualTo(7);
    assertThat(score.spearman()).isCloseTo(0.5, within(1e-9));
    // numpy.corrcoef([1, .2, .5], cos(radians([10, 40, 90])))
    assertThat(score.pearson()).isCloseTo(0.3489730, within(1e-6));
  }

  @Test
  void eachTextIsEncodedOnceInBatchesOfSimilarLength() {
    List<Integer> lengths = new ArrayList<>();
    DevSet dev =
        new DevSet(
            new TokenPairs(
                new int[][] {TEXTS[0], TEXTS[2]},
                new int[][] {TEXTS[2], TEXTS[3]},
                new double[] {1, 0},
                0,
                0));
    dev.evaluate(
        batch -> {
          for (int[] text : batch) {
            lengths.add(text.length);
          }
          return embed(batch);
        },
        0,
        0);
    assertThat(lengths).containsExactly(2, 1, 1);
  }

  @Test
  void equalCosinesHaveNoCorrelation() {
    DevSet dev =
        new DevSet(
            new TokenPairs(
                new int[][] {TEXTS[0], TEXTS[1]},
                new int[][] {TEXTS[0], TEXTS[1]},
                new double[] {1, 0},
                0,
                0));
    DevScore score = dev.evaluate(texts -> new float[][] {{1, 0}, {1, 0}}, 0, 1);
    assertThat(score.spearman()).isNull();
    assertThat(new DevScore(0, 2, 0.1, -0.5).isBetterThan(score)).isTrue();
    assertThat(score.isBetterThan(score)).isFalse();
  }

  private static float[][] embed(int[][] texts) {
    float[][] vectors = new float[texts.length][];
    for (int row = 0; row < texts.length; row++) {
      double angle = Math.toRadians(texts[row][0]);
      vectors[row] = new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
    }
    return vectors;
  }
}
