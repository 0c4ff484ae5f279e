package org.sparkgbert.train.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Texts of similar length together, so that attention computes little padding. */
final class LengthBatches {
  /** On a CPU what a layer computes should stay in the cache. */
  private static final int CPU_TOKENS = 1_024;

  private static final int GPU_TOKENS = 16_384;

  private LengthBatches() {}

  /** Indices of the texts of each batch, the longest texts first. */
  static List<int[]> of(int[][] texts, boolean gpu) {
    int budget = gpu ? GPU_TOKENS : CPU_TOKENS;
    int[] order =
        IntStream.range(0, texts.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer text) -> -texts[text].length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    for (int start = 0; start < order.length; ) {
      int count = Math.max(1, budget / Math.max(1, texts[order[start]].length));
      int end = Math.min(order.length, start + count);
      batches.add(Arrays.copyOfRange(order, start, end));
      start = end;
    }
    return batches;
  }
}
