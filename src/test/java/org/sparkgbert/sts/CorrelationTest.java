package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelationTest {
  private static final double[] ONE_TO_FIVE = {1, 2, 3, 4, 5};

  @Test
  void pearsonOfThreePairsIsWorkedByHand() {
    // Deviations -1, 0, 1 and -4/3, -1/3, 5/3: 3 / sqrt(2 * 42/9).
    assertThat(pearson(new double[] {1, 2, 3}, new double[] {1, 2, 4}))
        .isCloseTo(0.9819805060619657, within(1e-15));
  }

  @Test
  void spearmanWithoutTiesIsWorkedByHand() {
    // Squared differences of ranks sum to 4: 1 - 6 * 4 / (5 * 24).
    assertThat(spearman(ONE_TO_FIVE, new double[] {20, 10, 40, 30, 50}))
        .isCloseTo(0.8, within(1e-15));
  }

  @Test
  void spearmanWithTiesIsWorkedByHand() {
    // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5).
    assertThat(spearman(new double[] {1, 2, 2, 3}, new double[] {5, 6, 7, 8}))
        .isCloseTo(0.9486832980505138, within(1e-15));
  }

  @Test
  void allTiedButOneIsWorkedByHand() {
    // Ranks 2, 2, 2, 4 and 1, 2, 3, 4: 3 / sqrt(3 * 5).
    assertThat(spearman(new double[] {0, 0, 0, 9}, new double[] {1, 2, 3, 4}))
        .isCloseTo(0.7745966692414834, within(1e-15));
  }

  @Test
  void twoPairsAgreeOrDisagree() {
    double[] up = {0.1, 0.3};
    double[] down = {7, -7};
    assertThat(pearson(up, up)).isEqualTo(1);
    assertThat(spearman(up, up)).isEqualTo(1);
    assertThat(pearson(up, down)).isEqualTo(-1);
    assertThat(spearman(up, down)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void fewerThanTwoPairsHaveNoCorrelation(int pairs) {
    double[] values = Arrays.copyOf(ONE_TO_FIVE, pairs);
    assertThat(Correlation.pearson(values, values)).isEmpty();
    assertThat(Correlation.spearman(values, values)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 1e300, Double.MIN_VALUE})
  void aConstantColumnHasNoCorrelation(double value) {
    double[] constant = new double[5];
    Arrays.fill(constant, value);
    assertThat(Correlation.pearson(constant, ONE_TO_FIVE)).isEmpty();
    assertThat(Correlation.pearson(ONE_TO_FIVE, constant)).isEmpty();
    assertThat(Correlation.spearman(constant, ONE_TO_FIVE)).isEmpty();
    assertThat(Correlation.spearman(ONE_TO_FIVE, constant)).isEmpty();
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    assertThat(Correlation.spearman(new double[] {0.0, -0.0}, new double[] {1, 2})).isEmpty();
    assertThat(Correlation.pearson(new double[] {0.0, -0.0}, new double[] {1, 2})).isEmpty();
  }

  @Test
  void randomColumnsCorrelateAsTheDirectFormulasSay() {
    Random random = new Random(11);
    int defined = 0;
    for (int round = 0; round < 1000; round++) {
      int pairs = 2 + random.nextInt(40);
      double[] x =
          random.ints(pairs, 0, 1 + random.nextInt(50)).mapToDouble(i -> i / 7.0).toArray();
      double[] y =
          Arrays.stream(x).map(value -> Math.rint(value + random.nextGaussian())).toArray();
      double expected = DirectFormulas.spearman(x, y);
      assertThat(Correlation.spearman(x, y).isPresent()).isEqualTo(!Double.isNaN(expected));
      if (!Double.isNaN(expected)) {
        defined++;
        assertThat(spearman(x, y)).isCloseTo(expected, within(1e-12));
        assertThat(pearson(x, y)).isCloseTo(DirectFormulas.pearson(x, y), within(1e-12));
      }
    }
    assertThat(defined).isBetween(800, 999);
  }

  @Test
  void spearmanIsTheSameUnderIncreasingMaps() {
    double[] x = gaussians(1, 200);
    double[] y = noisy(x, 2);
    assertThat(spearman(map(x, Math::exp), map(y, value -> value * value * value)))
        .isEqualTo(spearman(x, y));
  }

  @Test
  void pearsonIsTheSameUnderAffineMaps() {
    double[] x = gaussians(3, 200);
    double[] y = noisy(x, 4);
    assertThat(pearson(map(x, value -> 3e5 * value + 7e5), map(y, value -> 1e-9 * value - 1)))
        .isCloseTo(pearson(x, y), within(1e-6));
    assertThat(pearson(map(x, value -> 4 * value - 100), y))
        .isCloseTo(pearson(x, y), within(1e-13));
  }

  @Test
  void aFlippedSignFlipsTheCorrelation() {
    double[] x = gaussians(5, 200);
    double[] y = noisy(x, 6);
    double[] flipped = map(y, value -> -value);
    assertThat(pearson(x, flipped)).isEqualTo(-pearson(x, y));
    assertThat(spearman(x, flipped)).isEqualTo(-spearman(x, y));
    assertThat(pearson(x, y)).isBetween(0.5, 0.9);
  }

  @Test
  void aLargeOffsetCostsNoDigits() {
    double[] x = {1e9 + 1, 1e9 + 2, 1e9 + 3};
    assertThat(pearson(x, new double[] {1, 2, 4})).isCloseTo(0.9819805060619657, within(1e-15));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p1020, 0x1p-1074, 0x1p-600})
  void valuesAtTheEndsOfTheRangeCorrelateLikeOthers(double unit) {
    double[] x = map(new double[] {1, 2, 3}, value -> value * unit);
    double[] y = map(new double[] {1, 2, 4}, value -> value * unit);
    assertThat(pearson(x, y)).isCloseTo(0.9819805060619657, within(1e-15));
  }

  @Test
  void neverLeavesMinusOneToOne() {
    for (int seed = 0; seed < 200; seed++) {
      double[] x = gaussians(seed, 5);
      double[] scaled = map(x, value -> value / 3 + 0.1);
      assertThat(pearson(x, scaled)).isLessThanOrEqualTo(1).isCloseTo(1, within(1e-14));
      assertThat(pearson(x, map(scaled, value -> -value))).isGreaterThanOrEqualTo(-1);
    }
  }

  @Test
  void refusesColumnsThatAreNoPairs() {
    assertThatThrownBy(() -> Correlation.pearson(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot correlate: columns differ in length, found 2 and 3");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void refusesWhatIsNotFinite(double value) {
    double[] values = {1, value};
    assertThatThrownBy(() -> Correlation.spearman(new double[] {1, 2}, values))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot correlate: values must be finite, found " + value);
    assertThatThrownBy(() -> Correlation.pearson(values, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double pearson(double[] x, double[] y) {
    return Correlation.pearson(x, y).orElseThrow();
  }

  private static double spearman(double[] x, double[] y) {
    return Correlation.spearman(x, y).orElseThrow();
  }

  private static double[] gaussians(long seed, int count) {
    Random random = new Random(seed);
    return random.doubles(count).map(ignored -> random.nextGaussian()).toArray();
  }

  private static double[] noisy(double[] values, long seed) {
    Random random = new Random(seed);
    return map(values, value -> value + random.nextGaussian());
  }

  private static double[] map(double[] values, DoubleUnaryOperator function) {
    return Arrays.stream(values).map(function).toArray();
  }
}
