package org.sparkgbert.search;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of one block, whose neighbours one task finds.
 *
 * @param block index of the block
 * @param from first row in the block
 * @param to end of the rows, exclusive
 */
record Slice(int block, int from, int to) implements Serializable {
  /** So that a core that is done early finds other work. */
  static final int TASKS_PER_CORE = 4;

  /** A slice has fewer rows only if its block has. */
  private static final int LEAST_ROWS = 64;

  /**
   * Cuts blocks into about as many slices as are wanted, or one per block if there are more blocks.
   *
   * @param blocks rows of each block
   * @param wanted number of slices
   */
  static List<Slice> cut(List<Integer> blocks, int wanted) {
    List<Slice> slices = new ArrayList<>();
    for (int block = 0; block < blocks.size(); block++) {
      int rows = blocks.get(block);
      int parts = Math.max(1, Math.min(ceil(wanted, blocks.size()), rows / LEAST_ROWS));
      for (int part = 0; part < parts; part++) {
        slices.add(new Slice(block, part * rows / parts, (part + 1) * rows / parts));
      }
    }
    return List.copyOf(slices);
  }

  private static int ceil(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  int rows() {
    return to - from;
  }
}
