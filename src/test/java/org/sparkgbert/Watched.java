package org.sparkgbert;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;

/**
 * What an action gave, and what it did beside that.
 *
 * @param result its result
 * @param printed what reached standard output meanwhile
 * @param descriptions descriptions of the Spark jobs that it ran
 */
public record Watched<T>(T result, String printed, Set<String> descriptions) {
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
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    spark.sparkContext().addSparkListener(listener);
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      T result = action.get();
      spark.sparkContext().listenerBus().waitUntilEmpty();
      return new Watched<>(result, printed.toString(StandardCharsets.UTF_8), descriptions);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      System.setOut(out);
      spark.sparkContext().removeSparkListener(listener);
    }
  }
}
