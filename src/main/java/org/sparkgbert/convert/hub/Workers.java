package org.sparkgbert.convert.hub;

import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks on a few threads; the first failure stops all others. */
final class Workers {
  private Workers() {}

  /**
   * Runs the tasks in order and returns when no thread works any more.
   *
   * @throws RuntimeException the first failure of a task
   */
  static void runAll(List<Runnable> tasks, int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads, Workers::newThread);
    try {
      CompletionService<Void> results = new ExecutorCompletionService<>(pool);
      List<Future<Void>> submitted =
          tasks.stream().map(task -> results.submit(task, null)).toList();
      for (int i = 0; i < submitted.size(); i++) {
        results.take().get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubException("Cannot download: it was interrupted", e);
    } finally {
      stop(pool);
    }
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "hub-download");
    thread.setDaemon(true);
    return thread;
  }

  private static void stop(ExecutorService pool) {
    pool.shutdownNow();
    boolean interrupted = Thread.interrupted();
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
