package org.sparkgbert.lake;

import java.util.Optional;

/**
 * A column with the status of each row, by which rows are counted.
 *
 * @param status the column's name
 * @param error the column with the reasons for failures, if failures in this column count
 */
public record StatusColumn(String status, Optional<String> error) {
  /** The status of the texts of a column of embeddings. */
  public static StatusColumn of(EmbeddingColumns columns) {
    return new StatusColumn(columns.status(), Optional.of(columns.error()));
  }

  /** A status that only summarizes others. */
  public static StatusColumn counted(String status) {
    return new StatusColumn(status, Optional.empty());
  }
}
