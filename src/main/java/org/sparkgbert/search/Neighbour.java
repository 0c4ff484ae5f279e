package org.sparkgbert.search;

import java.util.Comparator;

/**
 * A row that another one is compared with.
 *
 * @param score exact score
 * @param number its number, which grows with the id
 * @param key its id and carried columns; see {@link RowKeys}
 */
record Neighbour(double score, int number, byte[] key) {
  /** By score, the highest first, then by number. */
  static final Comparator<Neighbour> BEST_FIRST =
      Comparator.comparingDouble(Neighbour::score).reversed().thenComparingInt(Neighbour::number);
}
