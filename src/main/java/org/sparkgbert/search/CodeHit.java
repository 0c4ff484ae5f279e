package org.sparkgbert.search;

import java.util.Arrays;
import java.util.Comparator;

/**
 * A row whose code was compared with a question.
 *
 * @param score about its score, but for the question's length
 * @param cell its cell
 * @param id its id, as a key of one column; see {@link RowKeys}
 */
record CodeHit(double score, int cell, byte[] id) {
  /** By score, the highest first, then by cell and id, so that no two different rows are equal. */
  static final Comparator<CodeHit> BEST_FIRST =
      Comparator.comparing(CodeHit::score, Comparator.reverseOrder())
          .thenComparing(CodeHit::cell)
          .thenComparing(CodeHit::id, Arrays::compareUnsigned);
}
