package org.sparkgbert.onnx;

/** ONNX Runtime could not run; the message names what it ran, its shape and the reason. */
public final class OnnxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message in one line and its cause. */
  public OnnxException(String message, Throwable cause) {
    super(message, cause);
  }
}
