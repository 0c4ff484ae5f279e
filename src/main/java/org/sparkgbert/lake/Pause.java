package org.sparkgbert.lake;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting until one looks again. */
final class Pause {
  private Pause() {}

  /**
   * Waits.
   *
   * @param interrupted the message if the thread is interrupted
   * @throws IllegalStateException if it is; it stays interrupted
   */
  static void of(Duration time, String interrupted) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted, e);
    }
  }
}
