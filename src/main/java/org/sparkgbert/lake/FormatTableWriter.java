package org.sparkgbert.lake;

import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.storage.StorageLevel;

/**
 * Writes tables of other formats through Spark's writer, which publishes them as the format does.
 *
 * <p>Rows are encoded once and kept on the executors' disks until it is known that few enough
 * failed.
 */
final class FormatTableWriter {
  private final TableTarget target;
  private final RunInfo run;
  private final List<StatusColumn> statuses;

  FormatTableWriter(TableTarget target, RunInfo run, List<StatusColumn> statuses) {
    this.target = target;
    this.run = run;
    this.statuses = statuses;
  }

  /**
   * Writes a table.
   *
   * @param expected its rows, if that is known
   * @throws IllegalArgumentException if the table is there and must not be overwritten
   * @throws TooManyFailuresException if too many rows failed
   * @throws IllegalStateException if the rows are not as many as expected
   */
  WrittenTable write(Dataset<Row> table, OptionalLong expected) {
    TableWriter.requireWritable(table.sparkSession(), target);
    Dataset<Row> kept = table.persist(StorageLevel.DISK_ONLY());
    try {
      StatusCounts counts = StatusCounts.of(kept, statuses);
      counts.requireRows(target.path(), expected);
      counts.requireFewFailures(target.maxFailedShare(), kept, statuses);
      RunManifest manifest = RunManifest.of(run, kept, counts, target, List.of());
      if (LakeTableWriter.writes(target)) {
        new LakeTableWriter(table.sparkSession(), target).write(kept, manifest);
      } else {
        save(kept, manifest);
      }
      return new WrittenTable(target.path(), run, counts.rows(), counts.byColumn(), 0, 0, "");
    } finally {
      kept.unpersist();
    }
  }

  /** Iceberg at a path keeps the manifest in the snapshot; other formats ignore it. */
  private void save(Dataset<Row> table, RunManifest manifest) {
    DataFrameWriter<Row> writer =
        PartitionValues.guarded(table, target.partitionBy())
            .write()
            .format(target.format())
            .mode(
                target.mode() == WriteMode.OVERWRITE ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
            .partitionBy(target.partitionBy().toArray(String[]::new))
            .options(LakeTableWriter.snapshotOptions(manifest));
    try {
      if (target.hasPath()) {
        writer.save(target.path());
      } else {
        writer.saveAsTable(target.path());
      }
    } catch (RuntimeException e) {
      throw PartitionValues.refusal(e).orElseThrow(() -> e);
    }
  }
}
