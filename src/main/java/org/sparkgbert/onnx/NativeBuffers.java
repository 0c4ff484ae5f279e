package org.sparkgbert.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** Memory outside the heap, in native byte order, which ONNX Runtime uses without a copy. */
public final class NativeBuffers {
  private NativeBuffers() {}

  /** Room for this many floats, all zero. */
  public static FloatBuffer floats(int count) {
    return bytes(count, Float.BYTES).asFloatBuffer();
  }

  /** Room for this many longs, all zero. */
  public static LongBuffer longs(int count) {
    return bytes(count, Long.BYTES).asLongBuffer();
  }

  /** Room for this many bytes, all zero. */
  public static ByteBuffer bytes(int count) {
    return bytes(count, Byte.BYTES);
  }

  /** Whether ONNX Runtime uses it without a copy. */
  static boolean isNative(FloatBuffer buffer) {
    return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
  }

  /**
   * The part of a buffer that a matrix goes into, from the buffer's position on.
   *
   * @param what what is done, as in "Cannot multiply"
   * @throws IllegalArgumentException if the buffer is not direct or too small
   */
  static FloatBuffer target(String what, FloatBuffer scores, long rows, long columns) {
    if (!isNative(scores) || scores.remaining() < rows * columns) {
      throw new IllegalArgumentException(
          "Cannot %s: scores must be a direct buffer of %d floats, found %s"
              .formatted(what, rows * columns, scores));
    }
    return scores.slice(scores.position(), Math.toIntExact(rows * columns));
  }

  /**
   * Room for {@code count} values of {@code size} bytes each, all zero.
   *
   * @throws ArithmeticException if they are more bytes than a buffer can hold
   */
  static ByteBuffer bytes(int count, int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, size))
        .order(ByteOrder.nativeOrder());
  }
}
