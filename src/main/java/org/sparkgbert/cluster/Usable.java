package org.sparkgbert.cluster;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Which embeddings can be clustered, as expressions over a column of arrays. */
final class Usable {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private Usable() {}

  /** The sum of squares: null for a null vector or element, not finite where an element is not. */
  static Column squaredNorm(Column vector) {
    return functions.aggregate(
        vector,
        functions.lit(0.0),
        (sum, value) -> sum.plus(value.cast("double").multiply(value.cast("double"))));
  }

  /** Whether a vector of that squared norm takes part. Spark takes NaN for more than infinity. */
  static Column byNorm(Column squaredNorm, Distance distance) {
    Column finite = squaredNorm.isNotNull().and(squaredNorm.lt(INFINITY));
    return switch (distance) {
      case COSINE -> finite.and(squaredNorm.gt(0));
      case EUCLIDEAN -> finite;
    };
  }

  /** Whether a vector takes part. */
  static Column vector(Column vector, Distance distance) {
    return byNorm(squaredNorm(vector), distance);
  }
}
