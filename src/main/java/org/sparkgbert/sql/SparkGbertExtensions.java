package org.sparkgbert.sql;

import org.apache.spark.sql.SparkSessionExtensions;
import org.sparkgbert.vector.VectorFunction;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives each session of an application the SQL functions of every {@link
 * org.sparkgbert.vector.Similarity}, such as {@code vector_cosine_similarity}: {@code --conf
 * spark.sql.extensions=org.sparkgbert.sql.SparkGbertExtensions}.
 *
 * <p>Spark would let an injected function replace its own with only a warning. So a function that
 * is built into this version of Spark is left alone; version 4.2 has three of them built in.
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
