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
   * Room for {@code count} values of {@code size} bytes each, all zero.
   *
   * @throws ArithmeticException if they are more bytes than a buffer can hold
   */
  static ByteBuffer bytes(int count, int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, size))
        .order(ByteOrder.nativeOrder());
  }
}
