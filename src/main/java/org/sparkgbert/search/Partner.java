package org.sparkgbert.search;

import java.util.Comparator;

/**
 * A row that another one is compared with.
 *
 * @param score exact score
 * @param number its number, which grows with the id
 * @param key its id and carried columns
 */
record Partner(double score, int number, Object[] key) {
  /** By score, the highest first, then by number. */
  static final Comparator<Partner> BEST_FIRST =
      Comparator.comparingDouble(Partner::score).reversed().thenComparingInt(Partner::number);
}
