package org.sparkgbert.job;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.EmbedWork;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Shows how far encoding has come: a bar that redraws itself on a terminal, else a line every half
 * minute. Rows of running tasks come with the executors' heartbeats.
 *
 * <p><b>Ownership:</b> owns its listener and its thread.
 */
final class Progress extends SparkListener implements AutoCloseable {
  /** Name of the accumulator that counts. */
  static final String TALLY = "spark-gbert";

  private static final Duration REDRAW = Duration.ofSeconds(1);
  private static final Duration LINE = Duration.ofSeconds(30);

  private final SparkSession spark;
  private final Console console;
  private final OptionalLong total;
  private final long start = System.nanoTime();
  private final AtomicLong rowsOfEndedTasks = new AtomicLong();
  private final Map<Long, Long> rowsOfTasks = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "spark-gbert-progress");
            thread.setDaemon(true);
            return thread;
          });

  private Progress(SparkSession spark, Console console, OptionalLong total) {
    this.spark = spark;
    this.console = console;
    this.total = total;
  }

  /** Counts what encoding takes, so that progress can be shown. */
  static EmbedTally tally(SparkSession spark) {
    EmbedTally tally = new EmbedTally();
    spark.sparkContext().register(tally, TALLY);
    return tally;
  }

  /**
   * Encodes rows, keeps them on the executors' disks, and shows progress meanwhile. The caller
   * unpersists them.
   *
   * @param total rows there are, if that is known
   */
  static void encode(Dataset<Row> encoded, Console console, OptionalLong total) {
    encoded.persist(StorageLevel.DISK_ONLY());
    try (Progress progress = start(encoded.sparkSession(), console, total)) {
      encoded.count();
      progress.draw();
    }
  }

  /**
   * Begins to show progress.
   *
   * @param total rows there are, if that is known
   */
  static Progress start(SparkSession spark, Console console, OptionalLong total) {
    Progress progress = new Progress(spark, console, total);
    spark.sparkContext().addSparkListener(progress);
    long period = (console.isTerminal() ? REDRAW : LINE).toMillis();
    ScheduledFuture<?> drawing =
        progress.clock.scheduleAtFixedRate(progress::draw, period, period, TimeUnit.MILLISECONDS);
    if (drawing.isCancelled()) {
      throw new IllegalStateException("Cannot show progress");
    }
    return progress;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (var task : CollectionConverters.asJava(update.accumUpdates())) {
      long taskId = (Long) task._1();
      for (AccumulableInfo info : CollectionConverters.asJava(task._4())) {
        if (info.update().nonEmpty() && info.update().get() instanceof EmbedWork work) {
          rowsOfTasks.put(taskId, work.rows());
        }
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    rowsOfTasks.remove(end.taskInfo().taskId());
    for (AccumulableInfo info : CollectionConverters.asJava(end.taskInfo().accumulables())) {
      if (info.update().nonEmpty() && info.update().get() instanceof EmbedWork work) {
        rowsOfEndedTasks.addAndGet(work.rows());
      }
    }
  }

  private long rows() {
    return rowsOfEndedTasks.get() + rowsOfTasks.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Shows how far encoding is now. */
  void draw() {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    String line = ProgressLine.of(rows(), total, took, console.isTerminal());
    if (console.isTerminal()) {
      console.redraw(line);
    } else {
      console.note(line);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    spark.sparkContext().removeSparkListener(this);
    if (console.isTerminal()) {
      draw();
      console.note("");
    }
  }
}
