package org.sparkgbert.convert.graph;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.sparkgbert.convert.checkpoint.FloatBlock;

/**
 * A weight of a graph whose values are streamed while the file is written.
 *
 * @param name its name in the graph
 * @param type how it is stored
 * @param shape its shape; owned, not copied
 * @param values passes on all values, row-major
 */
record StreamedTensor(String name, ElementType type, long[] shape, Values values) {

  /** Passes on values. */
  @FunctionalInterface
  interface Values {
    void writeTo(FloatBlock target) throws IOException;
  }

  /** A tensor that is computed as a whole when it is written. */
  static StreamedTensor whole(
      String name, ElementType type, Supplier<float[]> values, long... shape) {
    return new StreamedTensor(
        name,
        type,
        shape,
        target -> {
          float[] whole = values.get();
          target.accept(whole, whole.length);
        });
  }

  long elements() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  long bytes() {
    return elements() * type.bytes();
  }
}
