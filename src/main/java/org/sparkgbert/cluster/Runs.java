package org.sparkgbert.cluster;

import java.util.concurrent.atomic.AtomicLong;
import org.sparkgbert.action.Progress;

/**
 * Counts runs of an algorithm, and reports how many are done.
 *
 * <p><b>Threads:</b> safe.
 */
final class Runs implements Runnable {
  private final Progress progress;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  Runs(Progress progress, long total) {
    this.progress = progress;
    this.total = total;
    progress.steps(0, total, "run");
  }

  /** One more is done. */
  @Override
  public void run() {
    progress.steps(done.incrementAndGet(), total, "run");
  }
}
