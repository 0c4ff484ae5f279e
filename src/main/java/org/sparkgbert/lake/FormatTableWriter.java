package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.embed.EmbeddingColumns;

/**
 * Writes tables of other formats through Spark's writer, which publishes them as the format does.
 *
 * <p>Rows are encoded once and kept on the executors' disks until it is known that few enough
 * failed.
 */
final class FormatTableWriter {
  private final TableTarget target;
  private final RunInfo run;
  private final EmbeddingColumns columns;

  FormatTableWriter(TableTarget target, RunInfo run, EmbeddingColumns columns) {
    this.target = target;
    this.run = run;
    this.columns = columns;
  }

  /**
   * Writes a table.
   *
   * @throws IllegalArgumentException if the table is there and must not be overwritten
   * @throws TooManyFailuresException if too many rows failed
   */
  WrittenTable write(Dataset<Row> table) {
    requireFree(table.sparkSession());
    Dataset<Row> kept = table.persist(StorageLevel.DISK_ONLY());
    try {
      Map<String, Long> counts = StatusCounts.of(kept, columns);
      StatusCounts.requireFewFailures(counts, target.maxFailedShare(), kept, columns);
      save(kept);
      return new WrittenTable(target.path(), StatusCounts.sum(counts), counts, 0, 0, "");
    } finally {
      kept.unpersist();
    }
  }

  /** Spark would find out only after all rows have been encoded. */
  private void requireFree(SparkSession spark) {
    if (target.mode() == WriteMode.ERROR && exists(spark)) {
      throw new IllegalArgumentException(
          "Cannot write table: %s exists; choose another output or --mode overwrite"
              .formatted(target.path()));
    }
  }

  private boolean exists(SparkSession spark) {
    if (!isPath(target.path())) {
      return spark.catalog().tableExists(target.path());
    }
    try {
      Path path = new Path(target.path());
      return path.getFileSystem(spark.sessionState().newHadoopConf()).exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for table " + target.path(), e);
    }
  }

  private void save(Dataset<Row> table) {
    DataFrameWriter<Row> writer =
        table
            .write()
            .format(target.format())
            .mode(
                target.mode() == WriteMode.OVERWRITE ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
            .partitionBy(target.partitionBy().toArray(String[]::new))
            .option("snapshot-property.spark-gbert-run-id", run.runId())
            .option("userMetadata", "{\"spark-gbert-run-id\":\"" + run.runId() + "\"}");
    if (isPath(target.path())) {
      writer.save(target.path());
    } else {
      writer.saveAsTable(target.path());
    }
  }

  private static boolean isPath(String output) {
    return output.contains("/") || output.contains(":");
  }
}
