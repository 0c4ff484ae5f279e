package org.sparkgbert.search;

import java.nio.FloatBuffer;
import org.sparkgbert.onnx.NativeBuffers;

/**
 * Memory outside the heap for products of blocks; grows as needed.
 *
 * <p><b>Threads:</b> for one thread at a time.
 */
final class Workspace {
  private FloatBuffer rows = NativeBuffers.floats(0);
  private FloatBuffer columns = NativeBuffers.floats(0);
  private FloatBuffer scores = NativeBuffers.floats(0);

  /** Room for the left matrix, the same at each call unless it has to grow. */
  FloatBuffer rows(int floats) {
    rows = grown(rows, floats);
    return rows;
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

  private static FloatBuffer grown(FloatBuffer buffer, int floats) {
    return buffer.capacity() < floats ? NativeBuffers.floats(floats) : buffer.clear();
  }
}
