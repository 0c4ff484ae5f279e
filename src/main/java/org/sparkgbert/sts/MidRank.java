package org.sparkgbert.sts;

import java.util.function.DoublePredicate;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.api.java.UDF1;

/** The share of values below a number, equal ones counted half, from 0 to 1. */
final class MidRank implements UDF1<Double, Double> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<double[]> sorted;

  /**
   * @param sorted values from low to high, at least one
   */
  MidRank(Broadcast<double[]> sorted) {
    this.sorted = sorted;
  }

  @Override
  public Double call(Double value) {
    return value == null ? null : (Double) of(value, sorted.value());
  }

  static double of(double value, double[] sorted) {
    int below = count(sorted, other -> other < value);
    int notAbove = count(sorted, other -> other <= value);
    return ((double) below + notAbove) / 2 / sorted.length;
  }

  /** The number of values at the start that meet a condition, which none after them meets. */
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
