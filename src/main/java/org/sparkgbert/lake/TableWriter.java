package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.execution.datasources.PartitioningUtils;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.files.HadoopFiles;
import scala.jdk.javaapi.CollectionConverters;

/** Writes tables with embeddings, or with what was computed from them. */
public final class TableWriter {
  private TableWriter() {}

  /**
   * Checks whether a table could be made of inputs and written, before work is spent on its rows;
   * finishes what runs that died while they wrote the inputs left half done.
   *
   * @param inputs paths, globs or names of tables
   * @throws IllegalArgumentException if it is there and must not be overwritten, its format is
   *     unknown, it is, holds or lies in an input, or nothing can take the place of its directory
   */
  public static void requireWritable(SparkSession spark, TableTarget target, List<String> inputs) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    inputs.forEach(input -> HalfSwap.finishBeforeReading(input, hadoop));
    SeparateOutput.require(target, inputs, hadoop);
    requireWritable(spark, target);
  }

  /** The same for a table that is made of nothing that could be overwritten. */
  static void requireWritable(SparkSession spark, TableTarget target) {
    requireFormat(spark, target.format());
    if (target.mode() == WriteMode.ERROR && exists(spark, target)) {
      throw new IllegalArgumentException(
          "Cannot write table: %s exists; choose another output or --mode overwrite"
              .formatted(target.path()));
    }
    if (target.isParquet()) {
      TablePlace.of(target.path(), spark.sessionState().newHadoopConf()).requireRenameable();
    }
  }

  /**
   * Checks the columns that a table is partitioned by, which Spark does only when it writes.
   * Spark's own error says which of them it cannot partition by.
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
    return write(table, OptionalLong.empty(), statuses, target, run);
  }

  /**
   * The same for a table of which it is known how many rows it must have.
   *
   * @param rows rows of its input, if that is known and all become rows of the table
   * @throws IllegalStateException if there are others; nothing is published then
   */
  public static WrittenTable write(
      Dataset<Row> table,
      OptionalLong rows,
      List<StatusColumn> statuses,
      TableTarget target,
      RunInfo run) {
    return target.isParquet()
        ? publish(table, rows, statuses, target, run)
        : new FormatTableWriter(target, run, statuses).write(table, rows);
  }

  /** A Parquet table grows in a hidden directory and is published by one rename. */
  private static WrittenTable publish(
      Dataset<Row> table,
      OptionalLong rows,
      List<StatusColumn> statuses,
      TableTarget target,
      RunInfo run) {
    Configuration hadoop = table.sparkSession().sessionState().newHadoopConf();
    try (Publication publication =
        Publication.begin(target.path(), target.mode(), run.runId(), hadoop)) {
      WrittenTable written =
          new StagedTable(publication.files(), publication.staging(), target, run, statuses)
              .write(table, rows);
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
        ? InputPaths.literally(spark).format(target.format()).load(target.path())
        : spark.table(target.path());
  }
}
