package org.sparkgbert.sts;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How far two columns of numbers go together, from -1 to 1.
 *
 * <p>Undefined, that is empty, for fewer than two pairs and where a column is constant; never NaN.
 */
public final class Correlation {
  private Correlation() {}

  /**
   * Pearson's correlation, by deviations from the mean. Values near the ends of the range of double
   * neither overflow nor vanish.
   *
   * @throws IllegalArgumentException if the columns differ in length or a value is not finite
   */
  public static OptionalDouble pearson(double[] x, double[] y) {
    requirePairs(x, y);
    if (isConstant(x) || isConstant(y)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(cosine(deviations(x), deviations(y)));
  }

  /**
   * Spearman's rank correlation: Pearson's of the ranks, where equal values share the average of
   * their ranks.
   *
   * @throws IllegalArgumentException if the columns differ in length or a value is not finite
   */
  public static OptionalDouble spearman(double[] x, double[] y) {
    requirePairs(x, y);
    return spearman(TieGroups.of(x), TieGroups.of(y));
  }

  static OptionalDouble spearman(TieGroups x, TieGroups y) {
    return pearson(x.averageRanks(), y.averageRanks());
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

  /** Deviations from the mean, times a power of two that brings the values near 1. */
  private static double[] deviations(double[] values) {
    double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    int exponent = Math.getExponent(largest);
    double[] scaled = new double[values.length];
    Arrays.setAll(scaled, i -> Math.scalb(values[i], -exponent));
    return centred(centred(scaled));
  }

  /** A second call takes away what rounding left of the mean. */
  private static double[] centred(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double[] centred = new double[values.length];
    Arrays.setAll(centred, i -> values[i] - mean);
    return centred;
  }

  private static double cosine(double[] x, double[] y) {
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += x[i] * x[i];
      yy += y[i] * y[i];
      xy += x[i] * y[i];
    }
    return cosine(xy, xx, yy);
  }

  /** Of sums of products and squares; rounding never takes it out of -1 to 1. */
  static double cosine(double xy, double xx, double yy) {
    return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  }
}
