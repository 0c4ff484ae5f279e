package org.sparkgbert.train.torch;

/**
 * Pairs of tokenized texts that a loss sees together.
 *
 * @param first token ids of the first texts, {@code [pairs][tokens]}, special tokens included, no
 *     padding; owned, not copied
 * @param second token ids of the second texts, likewise
 * @param labels a label or score per pair; empty for a loss without labels; owned, not copied
 */
public record PairBatch(int[][] first, int[][] second, float[] labels) {
  /**
   * @throws IllegalArgumentException if there is no pair, or a pair lacks a side or a label
   */
  public PairBatch {
    if (first.length == 0 || first.length != second.length) {
      throw new IllegalArgumentException(
          "Cannot train: a batch must have as many second texts as first ones, found %d and %d"
              .formatted(first.length, second.length));
    }
    if (labels.length != 0 && labels.length != first.length) {
      throw new IllegalArgumentException(
          "Cannot train: a batch must have a label for each of %d pairs or none, found %d"
              .formatted(first.length, labels.length));
    }
  }

  /** Number of pairs. */
  public int pairs() {
    return first.length;
  }
}
