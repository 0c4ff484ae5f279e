package org.sparkgbert.convert.hub;

/** The Hub, or the cache when offline, did not deliver what was requested; the message says why. */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a one-line message. */
  public HubException(String message) {
    super(message);
  }

  /** With a one-line message and its cause. */
  public HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
