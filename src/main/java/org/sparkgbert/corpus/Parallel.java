package org.sparkgbert.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.commons.lang3.concurrent.ConcurrentUtils;

/** Looks at many files at once. */
final class Parallel {
  private static final int THREADS = 16;

  private Parallel() {}

  /** What a function makes of each value, in their order; its first exception is thrown. */
  static <T, R> List<R> map(List<T> values, Function<T, R> function) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<R>> running = new ArrayList<>();
      for (T value : values) {
        running.add(threads.submit(() -> function.apply(value)));
      }
      List<R> done = new ArrayList<>();
      for (Future<R> each : running) {
        done.add(each.get());
      }
      return done;
    } catch (ExecutionException e) {
      throw ConcurrentUtils.extractCauseUnchecked(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot read files: interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
