package org.sparkgbert.train;

import java.util.Comparator;

/**
 * Two sentences and how similar they are.
 *
 * @param first the first sentence
 * @param second the second
 * @param score gold score from 0 to 1; NaN if there is none
 */
record Pair(String first, String second, double score) {
  /** An order that depends on the pairs alone, not on files and partitions. */
  static final Comparator<Pair> ORDER =
      Comparator.comparing(Pair::first)
          .thenComparing(Pair::second)
          .thenComparingDouble(Pair::score);
}
