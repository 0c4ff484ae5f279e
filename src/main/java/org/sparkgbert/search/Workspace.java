package org.sparkgbert.search;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
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
    if (index == rows.size()) {
      rows.add(NativeBuffers.floats(0));
    }
    rows.set(index, grown(rows.get(index), floats));
    return rows.get(index);
  }

  /** Room for the right matrix, likewise. */
  FloatBuffer columns(int floats) {
    columns = grown(columns, floats);
    return columns;
  }

  /** Room for the product, likewise. */
  FloatBuffer scores(int floats) {
    scores = grown(scores, floats);
    return scores;
  }

  /** Room for one of several left matrices of codes, likewise. */
  ByteBuffer rowCodes(int index, int bytes) {
    if (index == rowCodes.size()) {
      rowCodes.add(NativeBuffers.bytes(0));
    }
    rowCodes.set(index, grown(rowCodes.get(index), bytes));
    return rowCodes.get(index);
  }

  /** Room for the right matrix of codes, likewise. */
  ByteBuffer columnCodes(int bytes) {
    columnCodes = grown(columnCodes, bytes);
    return columnCodes;
  }

  /** Room for the scales of the right matrix of codes, likewise. */
  FloatBuffer columnScales(int floats) {
    columnScales = grown(columnScales, floats);
    return columnScales;
  }

  private static ByteBuffer grown(ByteBuffer buffer, int bytes) {
    return buffer.capacity() < bytes ? NativeBuffers.bytes(bytes) : buffer.clear();
  }

  private static FloatBuffer grown(FloatBuffer buffer, int floats) {
    return buffer.capacity() < floats ? NativeBuffers.floats(floats) : buffer.clear();
  }
}
