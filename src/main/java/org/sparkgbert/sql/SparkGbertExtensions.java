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
 * <p>Spark would let an injected function take the place of its own with no more than a warning. So
 * a function that this Spark brings itself is left alone, as version 4.2 brings three of them.
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
