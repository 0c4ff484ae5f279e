package org.sparkgbert.search;

import java.util.Comparator;

/**
 * A row whose code was compared with a question.
 *
 * @param score about its score, but for the question's length
 * @param cell its cell
 * @param id its id, as a key of one column; see {@link RowKeys}
 */
record CodeHit(double score, int cell, byte[] id) {
  /**
   * By score, the highest first, then by id, as in the result of a search, and by cell, so that no
   * two different rows are equal.
   */
  static Comparator<CodeHit> bestFirst(Comparator<byte[]> ids) {
    return Comparator.comparing(CodeHit::score, Comparator.reverseOrder())
        .thenComparing(CodeHit::id, ids)
        .thenComparing(CodeHit::cell);
  }
}
