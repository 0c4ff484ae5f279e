package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.junit.jupiter.api.Test;
import org.sparkgbert.sts.SpearmanBootstrap.Interval;

class SpearmanBootstrapTest {
  private static final int RESAMPLES = 300;
  private static final Optional<Interval> NONE = Optional.empty();

  @Test
  void resamplesEqualThoseThatRankEachDraw() {
    for (int pairs : new int[] {2, 3, 17, 60}) {
      double[] gold = scores(pairs, 5, 0);
      double[] tied = scores(pairs, 5, 1);
      double[] distinct = new Random(pairs).doubles(pairs).toArray();
      SpearmanBootstrap bootstrap = bootstrap(gold, tied, distinct);
      for (int i = 0; i < RESAMPLES; i++) {
        int[] draws = bootstrap.draws(i);
        assertThat(bootstrap.resample(i))
            .containsExactly(
                new double[] {naive(gold, tied, draws), naive(gold, distinct, draws)},
                within(1e-12));
      }
    }
  }

  @Test
  void theIntervalHoldsTheMiddleOfTheResamples() {
    double[] gold = scores(40, 6, 2);
    double[] found = scores(40, 6, 3);
    SpearmanBootstrap bootstrap = bootstrap(gold, found);
    double[] resamples =
        IntStream.range(0, RESAMPLES)
            .mapToDouble(i -> naive(gold, found, bootstrap.draws(i)))
            .toArray();
    Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
    Interval interval = interval(gold, found, 9);
    assertThat(interval.low()).isCloseTo(percentile.evaluate(resamples, 2.5), within(1e-12));
    assertThat(interval.high()).isCloseTo(percentile.evaluate(resamples, 97.5), within(1e-12));
  }

  @Test
  void theIntervalContainsTheEstimateAndShrinksWithMorePairs() {
    double[] gold = scores(1600, 6, 4);
    double[] found = scores(1600, 6, 5);
    double widthBefore = 2;
    for (int pairs : new int[] {25, 100, 400, 1600}) {
      double[] x = Arrays.copyOf(gold, pairs);
      double[] y = Arrays.copyOf(found, pairs);
      Interval interval = interval(x, y, 1);
      assertThat(Correlation.spearman(x, y).orElseThrow())
          .isBetween(interval.low(), interval.high());
      assertThat(interval.high() - interval.low()).isPositive().isLessThan(0.7 * widthBefore);
      widthBefore = interval.high() - interval.low();
    }
  }

  @Test
  void theSameSeedGivesTheSameIntervalAndAnotherAnother() {
    double[] gold = scores(50, 6, 6);
    double[] found = scores(50, 6, 7);
    assertThat(interval(gold, found, 5)).isEqualTo(interval(gold, found, 5));
    assertThat(interval(gold, found, 5)).isNotEqualTo(interval(gold, found, 6));
  }

  @Test
  void aSeedMeansTheSameDrawsForGood() {
    double[] eight = {1, 2, 3, 4, 5, 6, 7, 8};
    SpearmanBootstrap bootstrap = new SpearmanBootstrap(eight, new double[][] {eight}, 42);
    assertThat(bootstrap.draws(0)).containsExactly(0, 1, 2, 0, 3, 0, 1, 1);
    assertThat(bootstrap.draws(1)).containsExactly(1, 1, 2, 4, 0, 0, 0, 0);
  }

  @Test
  void everyResampleDrawsAsManyPairsAsThereAre() {
    SpearmanBootstrap bootstrap = bootstrap(scores(100, 6, 8), scores(100, 6, 9));
    double never = 0;
    for (int i = 0; i < RESAMPLES; i++) {
      int[] draws = bootstrap.draws(i);
      assertThat(IntStream.of(draws).sum()).isEqualTo(100);
      never += IntStream.of(draws).filter(count -> count == 0).count() / 100.0 / RESAMPLES;
    }
    assertThat(never).isCloseTo(Math.pow(0.99, 100), within(0.01));
  }

  @Test
  void resamplesHaveNothingToDoWithTheirNeighbours() {
    SpearmanBootstrap bootstrap = bootstrap(scores(1000, 6, 8), scores(1000, 6, 9));
    for (int i = 0; i < 20; i++) {
      double alike =
          Correlation.pearson(doubles(bootstrap.draws(i)), doubles(bootstrap.draws(i + 1)))
              .orElseThrow();
      assertThat(alike).isBetween(-0.15, 0.15);
    }
  }

  @Test
  void constantResamplesDoNotCount() {
    double[] two = {1, 2};
    assertThat(interval(two, two, 3)).isEqualTo(new Interval(1, 1));
    SpearmanBootstrap bootstrap = bootstrap(two, two);
    assertThat(IntStream.range(0, 50).mapToObj(i -> bootstrap.resample(i)[0]))
        .contains(Double.NaN, 1.0);
  }

  @Test
  void whatHasNoCorrelationHasNoInterval() {
    assertThat(intervals(new double[] {1, 2}, new double[] {3, 3}, 100)).containsExactly(NONE);
    assertThat(intervals(new double[] {1}, new double[] {3}, 100)).containsExactly(NONE);
    assertThat(intervals(new double[0], new double[0], 100)).containsExactly(NONE);
    assertThat(intervals(new double[] {1, 2}, new double[] {3, 4}, 0)).containsExactly(NONE);
  }

  @Test
  void refusesColumnsOfDifferentLength() {
    assertThatThrownBy(() -> bootstrap(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot correlate: columns differ in length, found 2 and 3");
  }

  /** Like 0 to the given count, with ties; all streams go together. */
  private static double[] scores(int pairs, int levels, long stream) {
    Random truth = new Random(123);
    Random noise = new Random(stream);
    return truth
        .doubles(pairs)
        .map(value -> Math.rint(levels * value + 0.8 * noise.nextGaussian()))
        .toArray();
  }

  private static SpearmanBootstrap bootstrap(double[] gold, double[]... columns) {
    return new SpearmanBootstrap(gold, columns, 9);
  }

  private static Interval interval(double[] x, double[] y, long seed) {
    return new SpearmanBootstrap(x, new double[][] {y}, seed)
        .intervals(RESAMPLES)
        .get(0)
        .orElseThrow();
  }

  private static List<Optional<Interval>> intervals(double[] x, double[] y, int resamples) {
    return bootstrap(x, y).intervals(resamples);
  }

  private static double naive(double[] x, double[] y, int[] draws) {
    return DirectFormulas.spearman(repeat(x, draws), repeat(y, draws));
  }

  private static double[] repeat(double[] values, int[] times) {
    return IntStream.range(0, values.length)
        .boxed()
        .flatMapToDouble(i -> DoubleStream.generate(() -> values[i]).limit(times[i]))
        .toArray();
  }

  private static double[] doubles(int[] counts) {
    return IntStream.of(counts).asDoubleStream().toArray();
  }
}
