package org.sparkgbert.sts;

import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.api.java.UDF1;

/** The share of values below a number, equal ones half. */
final class MidRank implements UDF1<Double, Double> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<double[]> sorted;

  /**
   * @param sorted values from low to high
   */
  MidRank(Broadcast<double[]> sorted) {
    this.sorted = sorted;
  }

  @Override
  public Double call(Double value) {
    return value == null ? null : (Double) Quantiles.midRank(sorted.value(), value);
  }
}
