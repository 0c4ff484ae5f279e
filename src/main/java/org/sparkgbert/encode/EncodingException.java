package org.sparkgbert.encode;

/** ONNX Runtime could not encode a batch; the message names model, batch shape and reason. */
public final class EncodingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message in one line and its cause. */
  public EncodingException(String message, Throwable cause) {
    super(message, cause);
  }
}
