package org.sparkgbert.embed;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.action.Progress;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Counts the rows that tasks have encoded, and reports them to a listener. Rows of running tasks
 * arrive with the executors' heartbeats.
 */
public final class EncodedRows extends SparkListener {
  private final Progress progress;
  private final OptionalLong total;
  private final LongPredicate counts;
  private final AtomicLong ofEndedTasks = new AtomicLong();
  private final Map<Long, Long> ofTasks = new ConcurrentHashMap<>();

  private EncodedRows(Progress progress, OptionalLong total, LongPredicate counts) {
    this.progress = progress;
    this.total = total;
    this.counts = counts;
  }

  /**
   * Does work that encodes, and counts its rows meanwhile.
   *
   * @param total number of rows, if known
   * @return the result of the work
   */
  public static <T> T during(
      SparkSession spark, Progress progress, OptionalLong total, Supplier<T> work) {
    return during(spark, new EncodedRows(progress, total, any -> true), work);
  }

  /** The same for rows that one tally counts. */
  static <T> T during(
      SparkSession spark,
      Progress progress,
      OptionalLong total,
      EmbedTally tally,
      Supplier<T> work) {
    return during(spark, new EncodedRows(progress, total, id -> id == tally.id()), work);
  }

  private static <T> T during(SparkSession spark, EncodedRows rows, Supplier<T> work) {
    spark.sparkContext().addSparkListener(rows);
    rows.progress.rows(0, rows.total);
    try {
      return work.get();
    } finally {
      spark.sparkContext().removeSparkListener(rows);
    }
  }

  /**
   * Encodes rows and keeps them on the executors' disks, since two readers at once might encode
   * them twice. The caller unpersists them.
   *
   * @param total number of rows, if known
   * @return how many there are
   */
  public static long persist(Dataset<Row> encoded, Progress progress, OptionalLong total) {
    encoded.persist(StorageLevel.DISK_ONLY());
    return during(encoded.sparkSession(), progress, total, encoded::count);
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (var task : CollectionConverters.asJava(update.accumUpdates())) {
      long rows = rows(task._4());
      if (rows > 0) {
        ofTasks.put((Long) task._1(), rows);
        tell();
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    boolean wasCounted = ofTasks.remove(end.taskInfo().taskId()) != null;
    // The rows of a failed task are encoded again.
    long rows = end.taskInfo().successful() ? rows(end.taskInfo().accumulables()) : 0;
    ofEndedTasks.addAndGet(rows);
    if (wasCounted || rows > 0) {
      tell();
    }
  }

  private long rows(Iterable<AccumulableInfo> infos) {
    long rows = 0;
    for (AccumulableInfo info : CollectionConverters.asJava(infos)) {
      if (counts.test(info.id())
          && info.update().nonEmpty()
          && info.update().get() instanceof EmbedWork work) {
        rows += work.rows();
      }
    }
    return rows;
  }

  private void tell() {
    long running = ofTasks.values().stream().mapToLong(Long::longValue).sum();
    progress.rows(ofEndedTasks.get() + running, total);
  }
}
