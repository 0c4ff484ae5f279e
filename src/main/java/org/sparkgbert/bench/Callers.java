package org.sparkgbert.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.lang3.concurrent.ConcurrentUtils;

/** Threads that do the same work concurrently, like Spark's tasks in one JVM. */
final class Callers {
  private Callers() {}

  /**
   * Does the work on this many threads.
   *
   * @return what each returned
   * @throws RuntimeException if one threw it
   */
  static <T> List<T> run(int callers, Callable<T> work) {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(Collections.nCopies(callers, work))) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw ConcurrentUtils.extractCauseUnchecked(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot measure: interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
