package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;

/**
 * Copies float32 values between Java and memory that PyTorch itself owns. An array that DJL makes
 * from a buffer shares the buffer's memory, which Java frees as soon as the array is closed, even
 * if a graph still needs it.
 */
final class NativeTensors {
  /** Values per copy: 4 MB of direct memory at a time. */
  static final int BLOCK = 1 << 20;

  private NativeTensors() {}

  /** A copy of values, owned by the manager. */
  static NDArray upload(NDManager manager, long[] shape, float[] values) {
    NDArray array = manager.zeros(new Shape(shape), DataType.FLOAT32);
    write(array, FloatBuffer.wrap(values));
    return array;
  }

  /** A number, owned by the manager. */
  static NDArray scalar(NDManager manager, double value) {
    return manager.full(new Shape(), (float) value, DataType.FLOAT32);
  }

  /** Overwrites an array with as many values as it has. */
  static void write(NDArray array, FloatBuffer values) {
    for (long start = 0; values.hasRemaining(); start += BLOCK) {
      int count = Math.min(BLOCK, values.remaining());
      float[] block = new float[count];
      values.get(block);
      writeBlock(array, start, block);
    }
  }

  /** Overwrites the values that begin at an index, in row-major order. */
  static void writeBlock(NDArray array, long start, float[] block) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray source = array.getManager().create(block);
      array.reshape(-1).set(new NDIndex("{}:{}", start, start + block.length), source);
    }
  }

  /** A copy of an array's values in row-major order. */
  static float[] download(NDArray array) {
    float[] values = new float[Math.toIntExact(array.size())];
    for (int start = 0; start < values.length; start += BLOCK) {
      int count = Math.min(BLOCK, values.length - start);
      readBlock(array, start, values, start, count);
    }
    return values;
  }

  /** Copies values that begin at an index in row-major order. */
  static void readBlock(NDArray array, long start, float[] into, int offset, int count) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray block = array.reshape(-1).get(new NDIndex("{}:{}", start, start + count));
      block.toByteBuffer(true).asFloatBuffer().get(into, offset, count);
    }
  }
}
