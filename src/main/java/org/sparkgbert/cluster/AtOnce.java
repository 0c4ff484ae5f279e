package org.sparkgbert.cluster;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.commons.lang3.concurrent.ConcurrentUtils;

/**
 * Threads that do several things at once. They inherit the local properties of Spark, such as the
 * name of the stage, from the thread that begins them.
 *
 * <p><b>Ownership:</b> owns the threads; {@link #close} interrupts what still runs, and waits for
 * its end.
 */
final class AtOnce implements AutoCloseable {
  private static final long SECONDS_TO_END = 60;

  private final ExecutorService threads;

  /** At most so many things at once, at least 1. */
  AtOnce(int threads) {
    this.threads = Executors.newFixedThreadPool(threads);
  }

  /** Begins something; what is returned waits for its result, and throws what it threw. */
  <T> Supplier<T> begin(Callable<T> work) {
    Future<T> running = threads.submit(work);
    return () -> result(running);
  }

  private static <T> T result(Future<T> running) {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw ConcurrentUtils.extractCauseUnchecked(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("Cannot cluster: interrupted", e);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }
}
