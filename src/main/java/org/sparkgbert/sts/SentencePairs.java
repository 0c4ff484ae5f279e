package org.sparkgbert.sts;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
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
      DataType type = rows.schema().apply(column).dataType();
      if (!type.equals(DataTypes.StringType)) {
        throw new IllegalArgumentException(
            "Cannot score column '%s': it must be a string, found %s"
                .formatted(column, type.simpleString()));
      }
    }
  }

  /** Each sentence once, whatever pairs and sides it is on; null is one of them. */
  public Dataset<Row> distinctSentences() {
    return rows.select(ColumnNames.column(first).as(SENTENCE))
        .union(rows.select(ColumnNames.column(second).as(SENTENCE)))
        .distinct();
  }
}
