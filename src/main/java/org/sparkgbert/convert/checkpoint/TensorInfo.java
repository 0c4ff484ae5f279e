package org.sparkgbert.convert.checkpoint;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a checkpoint says about a tensor.
 *
 * @param name its name
 * @param type type of its elements as stored
 * @param shape length of each axis, outermost first; empty for a scalar; owned, not copied
 */
public record TensorInfo(String name, DataType type, long[] shape) {
  /** Maximum number of axes of a tensor, as in PyTorch. */
  static final int MAX_AXES = 64;

  /**
   * @throws IllegalArgumentException if the shape has a negative axis or more than 64 axes, or the
   *     number of bytes exceeds 63 bits
   */
  public TensorInfo {
    Objects.requireNonNull(name, "name is missing");
    Objects.requireNonNull(type, "type is missing");
    if (shape.length > MAX_AXES) {
      throw new IllegalArgumentException(
          "tensor %s must have at most %d axes, found %d"
              .formatted(Quoted.of(name), MAX_AXES, shape.length));
    }
    if (Arrays.stream(shape).anyMatch(length -> length < 0)) {
      throw wrongShape(name, "must not be negative", shape);
    }
    if (bytes(type, shape) < 0) {
      throw wrongShape(name, "is too large to count", shape);
    }
  }

  private static IllegalArgumentException wrongShape(String name, String reason, long[] shape) {
    return new IllegalArgumentException(
        "the shape of tensor %s %s, found %s"
            .formatted(Quoted.of(name), reason, Arrays.toString(shape)));
  }

  /** -1 if a product of axes, taken in order, exceeds 63 bits. */
  private static long bytes(DataType type, long[] shape) {
    try {
      return Math.multiplyExact(product(shape), (long) type.bytes());
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  private static long product(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** Number of elements: 1 for a scalar, 0 if an axis is 0. */
  public long elements() {
    return product(shape);
  }

  /** Length of all elements in bytes, as stored. */
  public long bytes() {
    return bytes(type, shape);
  }

  /** The shape as text, such as {@code [1024, 4096]}. */
  public String shapeText() {
    return Arrays.toString(shape);
  }

  /** Name, type and shape, for messages. */
  @Override
  public String toString() {
    return "%s %s %s".formatted(Quoted.of(name), type, shapeText());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorInfo that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, type, Arrays.hashCode(shape));
  }
}
