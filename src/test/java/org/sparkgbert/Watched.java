package org.sparkgbert;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;

/**
 * What an action gave without printing, and the Spark jobs that it ran.
 *
 * @param result its result
 * @param descriptions descriptions of those jobs
 */
public record Watched<T>(T result, Set<String> descriptions) {
  /** Runs an action in the shared session. */
  public static <T> Watched<T> run(Supplier<T> action) {
    SparkSession spark = TestSpark.session();
    Set<String> descriptions = Collections.synchronizedSet(new TreeSet<>());
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            descriptions.add(start.properties().getProperty("spark.job.description", "none"));
          }
        };
    spark.sparkContext().addSparkListener(listener);
    try {
      T result = Silently.run(action);
      spark.sparkContext().listenerBus().waitUntilEmpty();
      return new Watched<>(result, descriptions);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
  }
}
