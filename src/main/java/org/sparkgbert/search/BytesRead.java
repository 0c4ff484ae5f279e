package org.sparkgbert.search;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Counts the bytes that tasks read from files, as Spark's metrics of input tell. */
final class BytesRead extends SparkListener {
  /** Other threads do these reads, and Spark counts those of a task's own thread only. */
  private static final String VECTORED = "parquet.hadoop.vectored.io.enabled";

  private static final long PATIENCE_MILLIS = 60_000;

  private final AtomicLong bytes = new AtomicLong();

  private BytesRead() {}

  /**
   * What tasks read while something is computed; other jobs of the session count too.
   *
   * @param <T> what is computed
   * @param value what it is
   * @param bytes bytes read
   */
  record Counted<T>(T value, long bytes) {}

  static <T> Counted<T> of(SparkSession spark, Supplier<T> work) {
    Option<String> before = spark.conf().getOption(VECTORED);
    spark.conf().set(VECTORED, false);
    try {
      return counted(spark, work);
    } finally {
      if (before.isDefined()) {
        spark.conf().set(VECTORED, before.get());
      } else {
        spark.conf().unset(VECTORED);
      }
    }
  }

  private static <T> Counted<T> counted(SparkSession spark, Supplier<T> work) {
    BytesRead read = new BytesRead();
    SparkContext context = spark.sparkContext();
    context.addSparkListener(read);
    try {
      T value = work.get();
      context.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
      return new Counted<>(value, read.bytes.get());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("Cannot count bytes: Spark's events take too long", e);
    } finally {
      context.removeSparkListener(read);
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    if (task.taskMetrics() != null) {
      bytes.addAndGet(task.taskMetrics().inputMetrics().bytesRead());
    }
  }
}
