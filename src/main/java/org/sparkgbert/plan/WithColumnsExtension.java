package org.sparkgbert.plan;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives {@link WithColumnsStrategy} to every session that begins after this project's jar is on the
 * class path: Spark finds it as a service. So a session can read a global view of another.
 */
public final class WithColumnsExtension extends AbstractFunction1<SparkSessionExtensions, BoxedUnit>
    implements SparkSessionExtensionsProvider {
  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectPlannerStrategy(session -> new WithColumnsStrategy());
    return BoxedUnit.UNIT;
  }
}
