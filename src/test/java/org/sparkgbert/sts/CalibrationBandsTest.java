package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;
import org.sparkgbert.sts.EvaluationDetail.CalibrationBand;

class CalibrationBandsTest {
  @Test
  void fewGoldScoresHaveABandEach() {
    double[] gold = {0, 0, 0, 0, 2.5, 5, 5};
    double[] scores = {0.4, 0.1, 0.3, 0.2, 0.5, 0.75, 0.25};
    assertThat(CalibrationBands.of(gold, scores))
        .usingRecursiveFieldByFieldElementComparator(
            RecursiveComparisonConfiguration.builder()
                .withComparatorForType(CalibrationBandsTest::almost, Double.class)
                .build())
        .containsExactly(
            new CalibrationBand(0, 0, 4, 0.25, 0.175, 0.25, 0.325),
            new CalibrationBand(2.5, 2.5, 1, 0.5, 0.5, 0.5, 0.5),
            new CalibrationBand(5, 5, 2, 0.5, 0.375, 0.5, 0.625));
  }

  private static int almost(double found, double expected) {
    return Math.abs(found - expected) < 1e-12 ? 0 : Double.compare(found, expected);
  }

  @Test
  void twelveGoldScoresAreFewAndThirteenAreMany() {
    assertThat(CalibrationBands.of(upTo(12), upTo(12))).hasSize(12);
    assertThat(CalibrationBands.of(upTo(13), upTo(13))).hasSize(10);
  }

  @Test
  void manyGoldScoresHaveBandsOfOneWidth() {
    List<CalibrationBand> bands = CalibrationBands.of(upTo(101), upTo(101));
    assertThat(bands)
        .extracting(CalibrationBand::low)
        .containsExactly(0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0);
    assertThat(bands)
        .extracting(CalibrationBand::high)
        .containsExactly(10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0);
    assertThat(bands)
        .extracting(CalibrationBand::pairs)
        .containsExactly(10L, 10L, 10L, 10L, 10L, 10L, 10L, 10L, 10L, 11L);
    assertThat(bands.get(9)).isEqualTo(new CalibrationBand(90, 100, 11, 95, 92.5, 95, 97.5));
  }

  @Test
  void emptyBandsAreLeftOut() {
    double[] gold = upTo(13);
    gold[12] = 1000;
    assertThat(CalibrationBands.of(gold, upTo(13)))
        .containsExactly(
            new CalibrationBand(0, 100, 12, 5.5, 2.75, 5.5, 8.25),
            new CalibrationBand(900, 1000, 1, 12, 12, 12, 12));
  }

  @Test
  void goldScoresBelowZeroAreBandedToo() {
    double[] gold = upTo(21);
    for (int i = 0; i < gold.length; i++) {
      gold[i] = gold[i] / 10 - 1;
    }
    List<CalibrationBand> bands = CalibrationBands.of(gold, upTo(21));
    assertThat(bands.get(0)).isEqualTo(new CalibrationBand(-1, -0.8, 2, 0.5, 0.25, 0.5, 0.75));
    assertThat(bands.stream().mapToLong(CalibrationBand::pairs).sum()).isEqualTo(21);
  }

  @Test
  void oneGoldScoreIsOneBand() {
    assertThat(CalibrationBands.of(new double[] {3}, new double[] {0.5}))
        .containsExactly(new CalibrationBand(3, 3, 1, 0.5, 0.5, 0.5, 0.5));
  }

  private static double[] upTo(int count) {
    return IntStream.range(0, count).asDoubleStream().toArray();
  }
}
