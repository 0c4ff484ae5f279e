package org.sparkgbert.lake;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.embed.EmbeddingColumns;

/** Writes tables with embeddings. */
public final class TableWriter {
  private TableWriter() {}

  /**
   * Writes a table; nothing is visible before all of it is.
   *
   * @param table rows with the embedding columns
   * @param columns their names
   * @throws IllegalArgumentException if the target is there and must not be overwritten, or another
   *     run is writing it
   * @throws TooManyFailuresException if too many rows failed
   */
  public static WrittenTable write(
      Dataset<Row> table, EmbeddingColumns columns, TableTarget target, RunInfo run) {
    return target.format().equalsIgnoreCase("parquet")
        ? new ParquetTableWriter(target, run, columns).write(table)
        : new FormatTableWriter(target, run, columns).write(table);
  }
}
