package org.sparkgbert.convert.checkpoint;

import java.io.IOException;

/** Receives a tensor's values, block by block, in row-major order. */
@FunctionalInterface
public interface FloatBlock {
  /**
   * Receives the next values.
   *
   * @param values the block; owned by the reader, which overwrites it after this call
   * @param count number of valid values, from index 0; at least 1
   * @throws IOException if they cannot be passed on
   */
  void accept(float[] values, int count) throws IOException;
}
