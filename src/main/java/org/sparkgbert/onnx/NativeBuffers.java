package org.sparkgbert.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** Memory outside the heap, in the machine's byte order: ONNX Runtime takes it without a copy. */
public final class NativeBuffers {
  private NativeBuffers() {}

  /** Room for so many floats, all zero. */
  public static FloatBuffer floats(int count) {
    return bytes(count, Float.BYTES).asFloatBuffer();
  }

  /** Room for so many longs, all zero. */
  public static LongBuffer longs(int count) {
    return bytes(count, Long.BYTES).asLongBuffer();
  }

  /**
   * Room for so many values of so many bytes each, all zero.
   *
   * @throws ArithmeticException if they are more bytes than a buffer can have
   */
  static ByteBuffer bytes(int count, int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, size))
        .order(ByteOrder.nativeOrder());
  }
}
