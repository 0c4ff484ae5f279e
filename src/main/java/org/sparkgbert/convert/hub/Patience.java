package org.sparkgbert.convert.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * How long the Hub is waited for, and how often it is asked again.
 *
 * @param tries most tries in a row that bring nothing
 * @param connect longest wait for a connection
 * @param silence longest wait for an answer, or for its next bytes
 * @param sleeper waits between tries
 * @param clock what Retry-After dates are compared with
 * @param jitter numbers from 0 to 1 that keep clients from asking in step
 */
record Patience(
    int tries,
    Duration connect,
    Duration silence,
    Sleeper sleeper,
    Clock clock,
    DoubleSupplier jitter) {

  /** Longest wait between two tries that this client chooses itself. */
  static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  /** Longest wait that a server may ask for; the Hub counts requests in windows of five minutes. */
  static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

  private static final long FIRST_BACKOFF_MILLIS = 500;
  private static final int MOST_DOUBLINGS = 10;

  /** Waits. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  /** For the real Hub. */
  static Patience standard() {
    return new Patience(
        6,
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        time -> TimeUnit.MILLISECONDS.sleep(time.toMillis()),
        Clock.systemUTC(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /** How long to wait after a failed try: as the server asks, else twice as long every time. */
  Duration waitAfter(int failures, RetryableException failure) {
    return failure.retryAfter().orElseGet(() -> backoff(failures));
  }

  private Duration backoff(int failures) {
    long doubled = FIRST_BACKOFF_MILLIS << Math.min(failures - 1, MOST_DOUBLINGS);
    long millis = Math.min(doubled, LONGEST_BACKOFF.toMillis());
    return Duration.ofMillis(Math.round(millis * (0.5 + jitter.getAsDouble())));
  }

  /** Reads a Retry-After header, in seconds or as a date, capped; empty if it is neither. */
  Optional<Duration> retryAfter(String header) {
    String text = header.strip();
    if (text.matches("\\d{1,9}")) {
      return Optional.of(capped(Duration.ofSeconds(Long.parseLong(text))));
    }
    try {
      Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      return Optional.of(capped(Duration.between(clock.instant(), date)));
    } catch (DateTimeParseException neither) {
      return Optional.empty();
    }
  }

  private static Duration capped(Duration time) {
    if (time.isNegative()) {
      return Duration.ZERO;
    }
    return time.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : time;
  }
}
