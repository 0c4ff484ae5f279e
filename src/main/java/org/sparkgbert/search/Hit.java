package org.sparkgbert.search;

import java.util.Comparator;

/**
 * A row of the corpus that was compared with a question.
 *
 * @param score exact score
 * @param key its id and carried columns; see {@link RowKeys}
 */
record Hit(double score, byte[] key) {
  /** By score, the highest first, then by key. */
  static Comparator<Hit> bestFirst(Comparator<byte[]> keys) {
    return Comparator.comparingDouble(Hit::score).reversed().thenComparing(Hit::key, keys);
  }
}
