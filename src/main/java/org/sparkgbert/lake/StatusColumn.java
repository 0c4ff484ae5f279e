package org.sparkgbert.lake;

import java.util.Optional;

/**
 * A column that says what became of each row, so that rows are counted by it.
 *
 * @param status the column's name
 * @param error the column with reasons of failures, if failures of this column count
 */
public record StatusColumn(String status, Optional<String> error) {
  /** What became of the texts of a column of embeddings. */
  public static StatusColumn of(EmbeddingColumns columns) {
    return new StatusColumn(columns.status(), Optional.of(columns.error()));
  }

  /** A status that only sums up others. */
  public static StatusColumn counted(String status) {
    return new StatusColumn(status, Optional.empty());
  }
}
