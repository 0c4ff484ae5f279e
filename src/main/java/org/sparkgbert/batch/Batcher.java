package org.sparkgbert.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fills batches to a token budget.
 *
 * <p>Sequences are sorted by length, longest first, so that a batch holds sequences of like length
 * and little padding, and so that the largest batch comes first and memory does not grow after it.
 *
 * @param tokenBudget most tokens of a batch, padding included; a sequence longer than that stands
 *     alone
 */
public record Batcher(int tokenBudget) {
  /**
   * @throws IllegalArgumentException if the budget is below 1
   */
  public Batcher {
    if (tokenBudget < 1) {
      throw new IllegalArgumentException(
          "Cannot fill batches: the token budget must be positive, found " + tokenBudget);
    }
  }

  /**
   * Divides sequences into batches; each sequence stands in exactly one.
   *
   * @param lengths tokens of each sequence, all positive; unchanged
   * @return batches whose rows times tokens stay within the budget, longest first
   */
  public List<Batch> batches(int[] lengths) {
    int[] order = longestFirst(lengths);
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < order.length) {
      int tokens = lengths[order[from]];
      int rows = Math.min(order.length - from, Math.max(1, tokenBudget / tokens));
      batches.add(new Batch(Arrays.copyOfRange(order, from, from + rows), tokens));
      from += rows;
    }
    return batches;
  }

  /** Indices by falling length; of equal lengths the lower index comes first. */
  private static int[] longestFirst(int[] lengths) {
    long[] keys = new long[lengths.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = ((long) -lengths[i] << Integer.SIZE) | i;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }
}
