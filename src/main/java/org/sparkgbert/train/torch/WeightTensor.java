package org.sparkgbert.train.torch;

import java.util.Arrays;

/**
 * A tensor of a checkpoint.
 *
 * @param name its name without a model's prefix, such as {@code
 *     encoder.layer.0.attention.self.query.weight}
 * @param shape length of each axis, outermost first; owned, not copied
 * @param values its elements in row-major order; owned, not copied
 */
public record WeightTensor(String name, long[] shape, float[] values) {
  /**
   * @throws IllegalArgumentException if there are not as many values as the shape says
   */
  public WeightTensor {
    if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values.length) {
      throw new IllegalArgumentException(
          "Cannot use tensor %s: its shape must be that of %d values, found %s"
              .formatted(name, values.length, Arrays.toString(shape)));
    }
  }
}
