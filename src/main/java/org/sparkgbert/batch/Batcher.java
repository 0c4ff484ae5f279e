package org.sparkgbert.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fills batches to a token budget.
 *
 * <p>Sequences are sorted by length, longest first, so that a batch holds sequences of like length
 * and little padding, and so that the largest batch comes first and memory does not grow after it.
 * A batch ends before the budget is full when it is large enough to keep a processor busy and the
 * next sequence is so much shorter that padding it would cost more than another run.
 *
 * @param tokenBudget most tokens of a batch, padding included; a sequence longer than that stands
 *     alone
 */
public record Batcher(int tokenBudget) {
  /** A batch of this part of the budget may end early. */
  private static final int LARGE_ENOUGH = 4;

  /** ... before a sequence that is shorter than the longest by more than this part of it. */
  private static final int MUCH_SHORTER = 32;

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
      int to = end(order, from, lengths);
      batches.add(new Batch(Arrays.copyOfRange(order, from, to), lengths[order[from]]));
      from = to;
    }
    return batches;
  }

  private int end(int[] order, int from, int[] lengths) {
    int tokens = lengths[order[from]];
    int most = Math.min(order.length, from + Math.max(1, tokenBudget / tokens));
    int shortest = tokens - tokens / MUCH_SHORTER;
    int to = from + 1;
    while (to < most
        && (lengths[order[to]] >= shortest
            || (long) (to - from) * tokens < tokenBudget / LARGE_ENOUGH)) {
      to++;
    }
    return to;
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
