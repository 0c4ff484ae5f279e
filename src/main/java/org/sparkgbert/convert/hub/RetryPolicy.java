package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * How long to wait for the Hub, and how often to retry.
 *
 * @param tries maximum number of consecutive tries without progress
 * @param connect maximum wait for a connection
 * @param silence maximum wait for a response, or for its next bytes
 * @param sleeper waits between tries
 * @param clock what Retry-After dates are compared with
 * @param jitter numbers from 0 to 1 that keep clients from retrying in step
 */
record RetryPolicy(
    int tries,
    Duration connect,
    Duration silence,
    Sleeper sleeper,
    Clock clock,
    DoubleSupplier jitter) {

  /** Maximum wait between two tries that this client chooses itself. */
  static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  /** Maximum wait that a server may ask for; the Hub counts requests in windows of five minutes. */
  static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

  /** Number of bytes that a failed try must have received to reset the count of failures. */
  private static final long WORTHWHILE_BYTES = 1 << 20;

  private static final long FIRST_BACKOFF_MILLIS = 500;
  private static final int MOST_DOUBLINGS = 10;

  /** Waits. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
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

  /** A try failed, but another one may succeed; the message is a reason, not a sentence. */
  static final class RetryableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> retryAfter;

    /**
     * @param retryAfter how long the server asks to wait
     */
    RetryableException(String reason, Optional<Duration> retryAfter, Throwable cause) {
      super(reason, cause);
      this.retryAfter = retryAfter;
    }

    /** A fault of the network or of what came over it. */
    static RetryableException of(String reason) {
      return new RetryableException(reason, Optional.empty(), null);
    }

    /** A fault of the network. */
    static RetryableException of(Throwable cause) {
      String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
      String reason = RemoteFile.printable(cause.getClass().getSimpleName() + detail);
      return new RetryableException(reason, Optional.empty(), cause);
    }
  }

  /** For the real Hub. */
  static RetryPolicy standard() {
    return new RetryPolicy(
        6,
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        time -> TimeUnit.MILLISECONDS.sleep(time.toMillis()),
        Clock.systemUTC(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /** Tries something that starts over every time. */
  <T> T run(String what, DownloadListener listener, Attempt<T> attempt) {
    return run(what, listener, () -> 0, attempt);
  }

  /**
   * Tries something that continues where the last try ended.
   *
   * @param what names it in messages
   * @param listener is told of each wait
   * @param kept number of bytes that earlier tries received
   * @throws HubException if it fails too many times in a row
   */
  <T> T run(String what, DownloadListener listener, LongSupplier kept, Attempt<T> attempt) {
    int failures = 0;
    try {
      while (true) {
        long before = kept.getAsLong();
        try {
          return attempt.run();
        } catch (RetryableException e) {
          failures = kept.getAsLong() - before >= WORTHWHILE_BYTES ? 1 : failures + 1;
          sleepAfter(failures, e, what, listener);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep %s: %s".formatted(what, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubException("Cannot download " + what + ": it was interrupted", e);
    }
  }

  private void sleepAfter(
      int failures, RetryableException failure, String what, DownloadListener listener)
      throws InterruptedException {
    String reason = failure.getMessage();
    if (failures >= tries) {
      throw new HubException(
          "Cannot download %s: %d tries failed, found %s".formatted(what, failures, reason),
          failure);
    }
    Duration time = waitAfter(failures, failure);
    listener.note(
        String.format(
            Locale.ROOT, "%s: %s, next try in %.1f s", what, reason, time.toMillis() / 1e3));
    sleeper.sleep(time);
  }

  /** How long to wait after a failed try: as the server asks, otherwise twice as long each time. */
  Duration waitAfter(int failures, RetryableException failure) {
    return failure.retryAfter.orElseGet(() -> backoff(failures));
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
