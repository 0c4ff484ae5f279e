package org.sparkgbert.convert.hub;

/** The Hub, or the cache when offline, did not give what was asked; the message says why. */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message in one line. */
  public HubException(String message) {
    super(message);
  }

  /** With a message in one line and its cause. */
  public HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
