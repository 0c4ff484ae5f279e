package org.sparkgbert.job;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Says in one line that a signal stopped the run. What Spark's threads report while it shuts down
 * is not shown.
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

  private void say() {
    if (isOver.get()) {
      return;
    }
    if (console.isTerminal()) {
      console.note("");
    }
    console.error(
        "Cannot finish: the run was stopped by a signal; the next one takes over or removes what it left");
    // The JVM leaves the descriptors of both streams open, and lets them lead nowhere.
    console.out().close();
    console.err().close();
  }
}
