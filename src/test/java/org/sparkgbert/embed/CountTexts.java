package org.sparkgbert.embed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.AccumulatorV2;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Counts the texts that went through the model of a local Spark, batch by batch and those of tasks
 * in flight included, into a file that outlives a process killed with -9.
 */
public final class CountTexts implements SparkPlugin {
  private static final String FILE = "spark.sparkgbert.count-texts";
  private static final long PERIOD_NANOS = 1_000_000;

  /** Options of a JVM that counts into a file. */
  public static String[] options(Path file) {
    return new String[] {
      "-Dspark.plugins=" + CountTexts.class.getName(), "-D%s=%s".formatted(FILE, file)
    };
  }

  /** How many texts a process has encoded that counts into a file, or had when it died. */
  public static long read(Path file) {
    try {
      return Files.exists(file) && Files.size(file) == Long.BYTES
          ? ByteBuffer.wrap(Files.readAllBytes(file)).getLong()
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Counter();
  }

  /** Looks at the tallies of tasks again and again, since heartbeats are seconds apart. */
  private static final class Counter implements ExecutorPlugin {
    private final Map<Long, TaskContext> running = new ConcurrentHashMap<>();
    private final AtomicLong ofEndedTasks = new AtomicLong();
    private volatile boolean stopped;

    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      MappedByteBuffer count = map(Path.of(context.conf().get(FILE)));
      Thread clock = new Thread(() -> keep(count), "count-texts");
      clock.setDaemon(true);
      clock.start();
    }

    private void keep(MappedByteBuffer count) {
      while (!stopped) {
        count.putLong(0, total());
        LockSupport.parkNanos(PERIOD_NANOS);
      }
    }

    private static MappedByteBuffer map(Path file) {
      try (FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return channel.map(MapMode.READ_WRITE, 0, Long.BYTES);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private synchronized long total() {
      return ofEndedTasks.get() + running.values().stream().mapToLong(Counter::texts).sum();
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      running.put(task.taskAttemptId(), task);
      task.addTaskCompletionListener((TaskCompletionListener) this::end);
    }

    private synchronized void end(TaskContext task) {
      running.remove(task.taskAttemptId());
      ofEndedTasks.addAndGet(texts(task));
    }

    private static long texts(TaskContext task) {
      Seq<AccumulatorV2<?, ?>> all = task.taskMetrics().withExternalAccums(some -> some.toSeq());
      long texts = 0;
      for (AccumulatorV2<?, ?> accumulator : CollectionConverters.asJava(all)) {
        if (accumulator instanceof EmbedTally tally) {
          texts += texts(tally.value());
        }
      }
      return texts;
    }

    /** Windows that are done know their distinct texts; of the one in flight, rows are known. */
    private static long texts(EmbedWork work) {
      long inFlight = work.rows() - work.encoding().texts();
      return inFlight + (work.encoding().tokens() == 0 ? 0 : work.encoding().distinctTexts());
    }

    @Override
    public void shutdown() {
      stopped = true;
    }
  }
}
