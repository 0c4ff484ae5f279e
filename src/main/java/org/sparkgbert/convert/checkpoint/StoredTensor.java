package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where a tensor's elements are in a file.
 *
 * @param info name, type and shape
 * @param position byte at which its first element begins
 * @param strides distance between neighbours along each axis, in elements, not negative; owned
 */
record StoredTensor(TensorInfo info, long position, long[] strides) {
  static final int BLOCK = 1 << 16;
  private static final long WINDOW_BYTES = 1L << 28;

  /** A tensor whose elements are contiguous in row-major order. */
  static StoredTensor contiguous(TensorInfo info, long position) {
    return new StoredTensor(info, position, rowMajor(info.shape()));
  }

  private static long[] rowMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, shape[axis]);
    }
    return strides;
  }

  /**
   * Number of elements from the first one in the file to the last, gaps included.
   *
   * @throws ArithmeticException if they are too many to count
   */
  static long extent(long[] shape, long[] strides) {
    long last = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] == 0) {
        return 0;
      }
      last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
    }
    return Math.addExact(last, 1);
  }

  private boolean isContiguous() {
    long[] natural = rowMajor(info.shape());
    for (int axis = 0; axis < strides.length; axis++) {
      if (info.shape()[axis] > 1 && strides[axis] != natural[axis]) {
        return false;
      }
    }
    return true;
  }

  /** Streams the elements as float32 in row-major order. */
  void forEachBlock(MappedFile file, FloatBlock block) throws IOException {
    float[] values = new float[(int) Math.min(BLOCK, info.elements())];
    if (info.elements() > 0 && isContiguous()) {
      forEachWindow(file, values, block);
    } else if (info.elements() > 0) {
      forEachStrided(file, values, block);
    }
  }

  private void forEachWindow(MappedFile file, float[] values, FloatBlock block) throws IOException {
    for (long start = 0; start < info.bytes(); start += WINDOW_BYTES) {
      long length = Math.min(WINDOW_BYTES, info.bytes() - start);
      readWindow(file.bytes(position + start, length), values, block);
    }
  }

  private void readWindow(ByteBuffer window, float[] values, FloatBlock block) throws IOException {
    int bytes = info.type().bytes();
    int count;
    for (int start = 0; start < window.limit(); start += count * bytes) {
      count = Math.min(values.length, (window.limit() - start) / bytes);
      for (int i = 0; i < count; i++) {
        values[i] = info.type().floatAt(window, start + i * bytes);
      }
      block.accept(values, count);
    }
  }

  private void forEachStrided(MappedFile file, float[] values, FloatBlock block)
      throws IOException {
    ByteBuffer extent = file.bytes(position, stridedBytes());
    RowMajorWalk walk = new RowMajorWalk(info.shape(), strides);
    int count;
    for (long done = 0; done < info.elements(); done += count) {
      count = (int) Math.min(values.length, info.elements() - done);
      for (int i = 0; i < count; i++) {
        values[i] = info.type().floatAt(extent, (int) (walk.next() * info.type().bytes()));
      }
      block.accept(values, count);
    }
  }

  private long stridedBytes() {
    long bytes = Math.multiplyExact(extent(info.shape(), strides), (long) info.type().bytes());
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Cannot read tensor %s: it must be contiguous or span at most 2 GB, found strides %s"
              .formatted(info, Arrays.toString(strides)));
    }
    return bytes;
  }
}
