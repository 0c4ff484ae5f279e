package org.sparkgbert.sts;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * The correlation of two columns of numbers, from -1 to 1.
 *
 * <p>Undefined, that is empty, for fewer than two pairs or a constant column; never NaN.
 */
public final class Correlation {
  private Correlation() {}

  /**
   * Pearson's correlation, off by about 1e-8 where it is nearly 0 and by far less elsewhere. Values
   * near the ends of the range of double neither overflow nor vanish.
   *
   * @throws IllegalArgumentException if the columns differ in length or a value is not finite
   */
  public static OptionalDouble pearson(double[] x, double[] y) {
    requirePairs(x, y);
    if (isConstant(x) || isConstant(y)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(inRange(new PearsonsCorrelation().correlation(scaled(x), scaled(y))));
  }

  /**
   * Spearman's rank correlation: Pearson's of the ranks, where equal values share the average of
   * their ranks.
   *
   * @throws IllegalArgumentException if the columns differ in length or a value is not finite
   */
  public static OptionalDouble spearman(double[] x, double[] y) {
    requirePairs(x, y);
    return pearson(ranks(x), ranks(y));
  }

  private static double[] ranks(double[] values) {
    return values.length == 0
        ? values
        : new NaturalRanking(TiesStrategy.AVERAGE).rank(unsigned(values));
  }

  /** The values, negative zeros made positive. */
  static double[] unsigned(double[] values) {
    return Arrays.stream(values).map(value -> value + 0.0).toArray();
  }

  /**
   * @throws IllegalArgumentException if the columns differ in length or a value is not finite
   */
  static void requirePairs(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "Cannot correlate: columns differ in length, found " + x.length + " and " + y.length);
    }
    requireFinite(x);
    requireFinite(y);
  }

  private static void requireFinite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "Cannot correlate: values must be finite, found " + value);
      }
    }
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  /** The values times a power of two that brings them near 1. */
  private static double[] scaled(double[] values) {
    double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    int exponent = Math.getExponent(largest);
    return Arrays.stream(values).map(value -> Math.scalb(value, -exponent)).toArray();
  }

  /** A correlation that rounding moved out of the range from -1 to 1, brought back. */
  static double inRange(double correlation) {
    return Math.max(-1, Math.min(1, correlation));
  }
}
