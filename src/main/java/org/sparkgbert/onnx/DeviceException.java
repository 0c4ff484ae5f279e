package org.sparkgbert.onnx;

/** A device that was asked for is not usable; the message says what is missing. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message in one line. */
  public DeviceException(String message) {
    super(message);
  }

  /** With a message in one line and its cause. */
  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
