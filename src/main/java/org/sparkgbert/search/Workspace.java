package org.sparkgbert.search;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.sparkgbert.onnx.NativeBuffers;

/**
 * Memory outside the heap for products of blocks; grows as needed.
 *
 * <p><b>Threads:</b> for one thread at a time.
 */
final class Workspace {
  private final List<FloatBuffer> rows = new ArrayList<>();
  private FloatBuffer columns = NativeBuffers.floats(0);
  private FloatBuffer scores = NativeBuffers.floats(0);
  private final List<ByteBuffer> rowCodes = new ArrayList<>();
  private ByteBuffer columnCodes = NativeBuffers.bytes(0);
  private FloatBuffer columnScales = NativeBuffers.floats(0);

  /**
   * Room for one of several left matrices that are kept at once, the same at each call unless it
   * has to grow.
   *
   * @param index which one, at most one more than before
   */
  FloatBuffer rows(int index, int floats) {
    return grown(rows, index, floats, NativeBuffers::floats);
  }

  /** Room for the right matrix, likewise. */
  FloatBuffer columns(int floats) {
    columns = grown(columns, floats, NativeBuffers::floats);
    return columns;
  }

  /** Room for the product, likewise. */
  FloatBuffer scores(int floats) {
    scores = grown(scores, floats, NativeBuffers::floats);
    return scores;
  }

  /** Room for one of several left matrices of codes, likewise. */
  ByteBuffer rowCodes(int index, int bytes) {
    return grown(rowCodes, index, bytes, NativeBuffers::bytes);
  }

  /** Room for the right matrix of codes, likewise. */
  ByteBuffer columnCodes(int bytes) {
    columnCodes = grown(columnCodes, bytes, NativeBuffers::bytes);
    return columnCodes;
  }

  /** Room for the scales of the right matrix of codes, likewise. */
  FloatBuffer columnScales(int floats) {
    columnScales = grown(columnScales, floats, NativeBuffers::floats);
    return columnScales;
  }

  private static <B extends Buffer> B grown(
      List<B> buffers, int index, int size, IntFunction<B> make) {
    if (index == buffers.size()) {
      buffers.add(make.apply(0));
    }
    buffers.set(index, grown(buffers.get(index), size, make));
    return buffers.get(index);
  }

  private static <B extends Buffer> B grown(B buffer, int size, IntFunction<B> make) {
    if (buffer.capacity() < size) {
      return make.apply(size);
    }
    buffer.clear();
    return buffer;
  }
}
