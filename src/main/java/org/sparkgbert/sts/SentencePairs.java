package org.sparkgbert.sts;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Pairs of sentences.
 *
 * @param rows the pairs
 * @param first column with the first sentence
 * @param second column with the second
 */
public record SentencePairs(Dataset<Row> rows, String first, String second) {
  /** Column of {@link #distinctSentences}. */
  public static final String SENTENCE = "sentence";

  /**
   * @throws IllegalArgumentException if a column is missing or not a string
   */
  public SentencePairs {
    for (String column : List.of(first, second)) {
      ColumnNames.require("score", List.of(column), rows.schema());
      ColumnNames.requireString("score", column, rows.schema());
    }
  }

  /** Each sentence once, whatever pairs and sides it is on; null is one of them. */
  public Dataset<Row> distinctSentences() {
    return rows.select(ColumnNames.column(first).as(SENTENCE))
        .union(rows.select(ColumnNames.column(second).as(SENTENCE)))
        .distinct();
  }
}
