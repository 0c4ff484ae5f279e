package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other processes do; what does not come in time fails the test. */
final class Poll {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration PERIOD = Duration.ofMillis(20);

  private Poll() {}

  /** Waits until something is so. */
  static void until(BooleanSupplier isSo, Supplier<String> state) {
    find(() -> isSo.getAsBoolean() ? Optional.of(true) : Optional.empty(), state);
  }

  /**
   * Waits until something is there.
   *
   * @param state what is the case instead, for the message
   */
  static <T> T find(Supplier<Optional<T>> finder, Supplier<String> state) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<T> found = finder.get();
      if (found.isPresent()) {
        return found.get();
      }
      pause();
    }
    return fail("Waited for %s in vain; %s", PATIENCE, state.get());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PERIOD.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("Interrupted", e);
    }
  }
}
