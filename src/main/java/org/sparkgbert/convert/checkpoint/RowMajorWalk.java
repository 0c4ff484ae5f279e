package org.sparkgbert.convert.checkpoint;

/** Visits a strided tensor's elements in row-major order. */
final class RowMajorWalk {
  private final long[] shape;
  private final long[] strides;
  private final long[] index;
  private long position;

  RowMajorWalk(long[] shape, long[] strides) {
    this.shape = shape;
    this.strides = strides;
    this.index = new long[shape.length];
  }

  /** Position of the next element, in elements from the first; starts over after the last. */
  long next() {
    long current = position;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      position += strides[axis];
      if (++index[axis] < shape[axis]) {
        return current;
      }
      position -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
    return current;
  }
}
