package org.sparkgbert.convert.checkpoint;

import java.io.UncheckedIOException;
import java.util.Set;

/**
 * The tensors of a checkpoint, one file or several.
 *
 * <p><b>Ownership:</b> owns its open files; close it when done.
 *
 * <p><b>Threads:</b> safe for reading; it must not be closed while a thread reads.
 */
public interface Weights extends AutoCloseable {
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
   * converted exactly. NaN and infinite values are passed on: see {@link FiniteCheck}.
   *
   * @throws IllegalArgumentException if there is no such tensor, or its type is not F32, F16 or
   *     BF16
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
  float[] floats(String name);

  /** What was read, for display, such as {@code safetensors in 2 shards}. */
  String format();

  @Override
  void close();
}
