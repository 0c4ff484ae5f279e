package org.sparkgbert.search;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Consecutive rows, of a corpus or of a block.
 *
 * @param from the first
 * @param to their end, exclusive
 */
record Slice(int from, int to) implements Serializable {
  /** So that a core that is done early finds other work. */
  static final int TASKS_PER_CORE = 4;

  /** A slice has fewer rows only if there are no more. */
  private static final int LEAST_ROWS = 64;

  /**
   * Cuts rows into as many slices as are wanted, or more, all of about the same size.
   *
   * @param rows how many there are
   * @param wanted number of slices
   * @param most rows of a slice, at least 1
   */
  static List<Slice> cut(int rows, int wanted, int most) {
    int parts = Math.max(ceil(rows, most), Math.min(wanted, ceil(rows, LEAST_ROWS)));
    return IntStream.range(0, parts)
        .mapToObj(part -> new Slice(start(part, rows, parts), start(part + 1, rows, parts)))
        .toList();
  }

  private static int start(int part, int rows, int parts) {
    return (int) ((long) part * rows / parts);
  }

  private static int ceil(int dividend, int divisor) {
    return (int) (((long) dividend + divisor - 1) / divisor);
  }

  int rows() {
    return to - from;
  }

  /**
   * Those that lie in a block, as rows of it; empty if none do.
   *
   * @param first the block's first row
   * @param count rows of the block
   */
  Slice within(int first, int count) {
    int start = Math.min(Math.max(from - first, 0), count);
    return new Slice(start, Math.max(start, Math.min(to - first, count)));
  }
}
