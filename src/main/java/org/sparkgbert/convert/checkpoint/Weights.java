package org.sparkgbert.convert.checkpoint;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * The tensors of a checkpoint, one file or several.
 *
 * <p><b>Ownership:</b> owns its open files; close it when done.
 *
 * <p><b>Threads:</b> safe for reading; it must not be closed while a thread reads.
 */
public interface Weights extends AutoCloseable {
  /** The longest array that every JVM can make. */
  int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** Names of all tensors, whatever their type, in the order of the files. */
  Set<String> names();

  /**
   * What the checkpoint says about a tensor.
   *
   * @throws IllegalArgumentException if there is no such tensor; the message lists the most similar
   *     names
   */
  TensorInfo info(String name);

  /**
   * Streams a tensor as float32, row-major, in blocks of at most 65,536 values; F16 and BF16 are
   * converted exactly, F64 is rounded. NaN and infinite values are passed on: see {@link
   * FiniteCheck}.
   *
   * @throws IllegalArgumentException if there is no such tensor, or its type is not F32, F16, BF16
   *     or F64
   * @throws UncheckedIOException if the file cannot be read or a block cannot be passed on
   * @throws IllegalStateException after {@link #close}
   */
  void forEachBlock(String name, FloatBlock block);

  /**
   * A whole tensor as float32, row-major, in a new array.
   *
   * @throws IllegalArgumentException as {@link #forEachBlock}, and if it is too long for an array
   * @throws UncheckedIOException if the file cannot be read
   * @throws IllegalStateException after {@link #close}
   */
  default float[] floats(String name) {
    TensorInfo info = info(name);
    if (info.elements() > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          "Cannot read tensor %s into one array: it must have at most %d elements, found %s"
              .formatted(Quoted.of(name), LONGEST_ARRAY, info.shapeText()));
    }
    float[] floats = new float[(int) info.elements()];
    int[] filled = {0};
    forEachBlock(
        name,
        (values, count) -> {
          System.arraycopy(values, 0, floats, filled[0], count);
          filled[0] += count;
        });
    return floats;
  }

  /** The file that was opened, or the index of several, for messages. */
  Path source();

  /** What was read, for display, such as {@code safetensors in 2 shards}. */
  String format();

  @Override
  void close();
}
