package org.sparkgbert.convert.hub;

import java.time.Duration;
import java.util.Optional;

/** A try failed in a way that another one may not; the message is a reason, not a sentence. */
final class RetryableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> retryAfter;

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

  /** How long the server asks to wait. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
