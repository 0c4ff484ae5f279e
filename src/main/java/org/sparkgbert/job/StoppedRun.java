package org.sparkgbert.job;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Says in one line that a signal stopped the run, or Spark, which ends the JVM if an error kills
 * one of its threads. What Spark's threads report while it shuts down is not shown.
 */
final class StoppedRun {
  /** Before Spark's and Hadoop's own hooks, of which the first has 50. */
  private static final int PRIORITY = 1_000;

  private final Console console;
  private final AtomicBoolean isOver = new AtomicBoolean();

  StoppedRun(Console console) {
    this.console = console;
  }

  /** Watches for the end of the JVM from now on. */
  void watch() {
    ShutdownHookManager.get().addShutdownHook(this::say, PRIORITY);
  }

  /** The run has ended by itself. */
  void unwatch() {
    isOver.set(true);
  }

  /** Java answers each signal in a thread of its own, which waits for the end. */
  private static boolean isSignal() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().matches("SIG[A-Z0-9]+ handler"));
  }

  private void say() {
    if (isOver.get()) {
      return;
    }
    if (console.isTerminal()) {
      console.note("");
    }
    console.error(
        isSignal()
            ? "Cannot finish: the run was stopped by a signal; the next one takes over or removes what it left"
            : "Cannot finish: Spark ended the run, for what it says above; if that is want of memory, give the driver more, as --driver-memory 4g before --; the next run takes over or removes what this one left");
    // The JVM leaves the descriptors of both streams open, and lets them lead nowhere.
    console.out().close();
    console.err().close();
  }
}
