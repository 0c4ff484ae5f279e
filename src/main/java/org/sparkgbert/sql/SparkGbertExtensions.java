package org.sparkgbert.sql;

import org.apache.spark.sql.SparkSessionExtensions;
import org.sparkgbert.vector.VectorFunction;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives each session of an application the SQL functions {@code vector_cosine_similarity}, {@code
 * vector_inner_product}, {@code vector_l2_distance} and {@code vector_l1_distance} on {@code
 * array<float>}: {@code --conf spark.sql.extensions=org.sparkgbert.sql.SparkGbertExtensions}.
 *
 * <p>Spark would let an injected function replace its own with only a warning. So a function that
 * is built into this version of Spark is left alone, as the first three are from Spark 4.2 on.
 */
public final class SparkGbertExtensions
    extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    for (VectorFunction function : VectorFunction.missing()) {
      extensions.injectFunction(
          new Tuple3<>(function.identifier(), function.info(), function::build));
    }
    return BoxedUnit.UNIT;
  }
}
