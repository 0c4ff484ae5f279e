package org.sparkgbert.sts;

import java.util.Arrays;

/** Correlations straight from their definitions, in quadratic time, without means and sorting. */
final class DirectFormulas {
  private DirectFormulas() {}

  /** By differences of all pairs; NaN where undefined. */
  static double pearson(double[] x, double[] y) {
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < i; j++) {
        xx += (x[i] - x[j]) * (x[i] - x[j]);
        yy += (y[i] - y[j]) * (y[i] - y[j]);
        xy += (x[i] - x[j]) * (y[i] - y[j]);
      }
    }
    return xy / Math.sqrt(xx * yy);
  }

  static double spearman(double[] x, double[] y) {
    return pearson(ranks(x), ranks(y));
  }

  static double[] ranks(double[] values) {
    return Arrays.stream(values).map(value -> rank(values, value)).toArray();
  }

  private static double rank(double[] values, double value) {
    long less = Arrays.stream(values).filter(other -> other < value).count();
    long equal = Arrays.stream(values).filter(other -> other == value).count();
    return 1 + less + (equal - 1) / 2.0;
  }
}
