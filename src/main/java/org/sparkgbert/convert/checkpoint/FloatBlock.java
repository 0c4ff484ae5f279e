package org.sparkgbert.convert.checkpoint;

import java.io.IOException;

/** Takes a tensor's values, block after block, in row-major order. */
@FunctionalInterface
public interface FloatBlock {
  /**
   * Takes the next values.
   *
   * @param values the block; the reader's own, to be overwritten after this call
   * @param count how many of them count, from index 0 on; at least 1
   * @throws IOException if they cannot be passed on
   */
  void accept(float[] values, int count) throws IOException;
}
