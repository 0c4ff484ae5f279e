package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.execution.datasources.PartitioningUtils;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.files.HadoopFiles;
import scala.jdk.javaapi.CollectionConverters;

/** Writes tables with embeddings, or with what was computed from them. */
public final class TableWriter {
  private TableWriter() {}

  /**
   * Checks whether a table could be written, before work is spent on its rows.
   *
   * @throws IllegalArgumentException if it exists and must not be overwritten, or its format is
   *     unknown
   */
  public static void requireWritable(SparkSession spark, TableTarget target) {
    requireFormat(spark, target.format());
    if (target.mode() == WriteMode.ERROR && exists(spark, target)) {
      throw new IllegalArgumentException(
          "Cannot write table: %s exists; choose another output or --mode overwrite"
              .formatted(target.path()));
    }
  }

  /**
   * Checks the columns that a table is partitioned by, which Spark does only when it writes.
   *
   * @throws IllegalArgumentException if a column is missing
   */
  public static void requirePartitions(SparkSession spark, StructType table, TableTarget target) {
    ColumnNames.require("partition by", target.partitionBy(), table);
    PartitioningUtils.validatePartitionColumn(
        table,
        CollectionConverters.asScala(target.partitionBy()).toSeq(),
        spark.sessionState().conf().caseSensitiveAnalysis());
  }

  private static void requireFormat(SparkSession spark, String format) {
    try {
      DataSource.lookupDataSource(format, spark.sessionState().conf());
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "Cannot write table: unknown format '%s', %s".formatted(format, SparkErrors.oneLine(e)),
          e);
    }
  }

  private static boolean exists(SparkSession spark, TableTarget target) {
    return target.hasPath()
        ? HadoopFiles.exists(new Path(target.path()), spark.sessionState().newHadoopConf())
        : spark.catalog().tableExists(target.path());
  }

  /**
   * Writes a table; nothing is visible before all of it is.
   *
   * @param statuses the columns that rows are counted by; those with errors can make it fail
   * @throws IllegalArgumentException if the target exists and must not be overwritten, or another
   *     run is writing it
   * @throws TooManyFailuresException if too many rows failed
   * @throws UncheckedIOException if the file system fails; the old table is untouched
   */
  public static WrittenTable write(
      Dataset<Row> table, List<StatusColumn> statuses, TableTarget target, RunInfo run) {
    return target.isParquet()
        ? publish(table, statuses, target, run)
        : new FormatTableWriter(target, run, statuses).write(table);
  }

  /** A Parquet table grows in a hidden directory and is published by one rename. */
  private static WrittenTable publish(
      Dataset<Row> table, List<StatusColumn> statuses, TableTarget target, RunInfo run) {
    Configuration hadoop = table.sparkSession().sessionState().newHadoopConf();
    try (Publication publication =
        Publication.begin(target.path(), target.mode(), run.runId(), hadoop)) {
      WrittenTable written =
          new StagedTable(publication.files(), publication.staging(), target, run, statuses)
              .write(table);
      publication.commit();
      return written.withWarning(publication.warning());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write table %s: %s".formatted(target.path(), e.getMessage()), e);
    }
  }

  /** Reads back what {@link #write} wrote. */
  public static Dataset<Row> read(SparkSession spark, TableTarget target) {
    if (target.isParquet()) {
      return EmbeddingTable.open(target.path(), spark.sessionState().newHadoopConf()).rows(spark);
    }
    return target.hasPath()
        ? spark.read().format(target.format()).load(target.path())
        : spark.table(target.path());
  }
}
