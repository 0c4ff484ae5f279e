package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes Parquet tables: into a hidden directory, published by one rename. */
final class ParquetTableWriter {
  private final TableTarget target;
  private final RunInfo run;
  private final List<StatusColumn> statuses;

  ParquetTableWriter(TableTarget target, RunInfo run, List<StatusColumn> statuses) {
    this.target = target;
    this.run = run;
    this.statuses = statuses;
  }

  /**
   * Writes and publishes a table.
   *
   * @throws IllegalArgumentException if the target cannot be written
   * @throws TooManyFailuresException if too many rows failed
   * @throws UncheckedIOException if the file system fails; the old table is untouched
   */
  WrittenTable write(Dataset<Row> table) {
    try (Publication publication =
        Publication.begin(
            target.path(),
            target.mode(),
            run.runId(),
            table.sparkSession().sessionState().newHadoopConf())) {
      WrittenTable written =
          new StagedTable(publication.staging(), target, run, statuses).write(table);
      publication.commit();
      return written.withWarning(publication.warning());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write table %s: %s".formatted(target.path(), e.getMessage()), e);
    }
  }
}
