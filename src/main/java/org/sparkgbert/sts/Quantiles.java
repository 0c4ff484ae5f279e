package org.sparkgbert.sts;

import java.util.function.DoublePredicate;

/** Quantiles of sorted values. */
final class Quantiles {
  private Quantiles() {}

  /**
   * The value below which a share lies, interpolated linearly between its neighbours.
   *
   * @param sorted from low to high, at least one
   * @param share from 0 to 1
   */
  static double at(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The share of values below one, equal ones half, from 0 to 1.
   *
   * @param sorted from low to high, at least one
   */
  static double midRank(double[] sorted, double value) {
    int below = count(sorted, other -> other < value);
    int notAbove = count(sorted, other -> other <= value);
    return ((double) below + notAbove) / 2 / sorted.length;
  }

  /** How many values at the start fulfil a condition that none behind them fulfils. */
  private static int count(double[] sorted, DoublePredicate condition) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (condition.test(sorted[middle])) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
