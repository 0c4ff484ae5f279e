package org.sparkgbert.search;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;

/**
 * Makes rows of {@link SearchColumns#numberedResult}.
 *
 * @param questionKeys reads the keys of questions
 * @param corpusKeys reads the keys of the corpus
 */
record FoundRow(RowKeys questionKeys, RowKeys corpusKeys) {
  /**
   * A row that was found, with rank 0: ranks come when the rows of all partitions are compared.
   *
   * @param block a block of questions
   * @param question the row of the question in it
   */
  InternalRow of(VectorBlock block, int question, Hit hit) {
    int columns = corpusKeys.columns().size();
    Object[] values = new Object[columns + 3];
    values[0] = questionKeys.id(block.key(question));
    values[1] = 0;
    values[2] = corpusKeys.id(hit.key());
    values[3] = hit.score();
    for (int i = 1; i < columns; i++) {
      values[i + 3] = corpusKeys.value(hit.key(), i);
    }
    return new GenericInternalRow(
        new Object[] {block.number(question), hit.key(), new GenericInternalRow(values)});
  }
}
