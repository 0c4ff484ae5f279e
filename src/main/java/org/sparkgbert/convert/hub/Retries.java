package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Tries again what may work the next time. */
final class Retries {
  /** Bytes that a failed try must have brought for the count of failures to start anew. */
  static final long WORTHWHILE_BYTES = 1 << 20;

  private static final LongSupplier NOTHING_KEPT = () -> 0;

  private final Patience patience;
  private final Progress progress;

  Retries(Patience patience, Progress progress) {
    this.patience = patience;
    this.progress = progress;
  }

  /** One try. */
  @FunctionalInterface
  interface Attempt<T> {
    /**
     * @throws RetryableException if another try may succeed
     * @throws IOException if this machine's disk fails
     */
    T run() throws RetryableException, IOException, InterruptedException;
  }

  /** Tries something that starts from nothing every time. */
  <T> T run(String what, Attempt<T> attempt) {
    return run(what, NOTHING_KEPT, attempt);
  }

  /**
   * Tries something that goes on where the last try ended.
   *
   * @param what names it in messages
   * @param kept bytes that earlier tries have brought
   * @throws HubException if it fails too often in a row
   */
  <T> T run(String what, LongSupplier kept, Attempt<T> attempt) {
    int failures = 0;
    while (true) {
      long before = kept.getAsLong();
      try {
        return attempt.run();
      } catch (RetryableException e) {
        failures = kept.getAsLong() - before >= WORTHWHILE_BYTES ? 1 : failures + 1;
        waitAfter(what, failures, e);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot keep %s: %s".formatted(what, e), e);
      } catch (InterruptedException e) {
        throw interrupted(what, e);
      }
    }
  }

  private void waitAfter(String what, int failures, RetryableException failure) {
    String reason = failure.getMessage();
    if (failures >= patience.tries()) {
      throw new HubException(
          "Cannot download %s: %d tries failed, found %s".formatted(what, failures, reason),
          failure);
    }
    Duration time = patience.waitAfter(failures, failure);
    progress.note(
        String.format(
            Locale.ROOT, "%s: %s, next try in %.1f s", what, reason, time.toMillis() / 1e3));
    try {
      patience.sleeper().sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    }
  }

  private static HubException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new HubException("Cannot download " + what + ": it was interrupted", e);
  }
}
