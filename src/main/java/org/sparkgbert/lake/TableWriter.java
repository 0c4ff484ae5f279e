package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
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
   *     unknown, it is, holds or lies in an input, it lies in another table, or nothing can take
   *     the place of its directory
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
    if (target.hasPath()) {
      SeparateOutput.requireOutsideTables(
          Contents.TABLE, new Path(target.path()), spark.sessionState().newHadoopConf());
    }
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
   * Checks what a table will be like, which Spark does only when it writes. Spark's own error says
   * which columns it cannot partition by.
   *
   * @param table its columns
   * @throws IllegalArgumentException if a column to partition by is missing or its values would
   *     change, or a table of Iceberg or Delta is to be overwritten that has another definition
   */
  public static void requireSchema(SparkSession spark, StructType table, TableTarget target) {
    ColumnNames.require("partition by", target.partitionBy(), table);
    PartitioningUtils.validatePartitionColumn(
        table,
        CollectionConverters.asScala(target.partitionBy()).toSeq(),
        spark.sessionState().conf().caseSensitiveAnalysis());
    PartitionValues.requireTypes(table, target);
    if (LakeTableWriter.writes(target)) {
      new LakeTableWriter(spark, target).requireFits(table);
    }
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

  /** Whether something has the name of the table, if need be after a run died replacing it. */
  public static boolean exists(SparkSession spark, TableTarget target) {
    if (!target.hasPath()) {
      return spark.catalog().tableExists(target.path());
    }
    Configuration hadoop = spark.sessionState().newHadoopConf();
    HalfSwap.finishBeforeReading(target.path(), hadoop);
    return HadoopFiles.exists(new Path(target.path()), hadoop);
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
        ? publish(table, rows, Optional.empty(), statuses, target, run)
        : new FormatTableWriter(target, run, statuses).write(table, rows);
  }

  /**
   * Replaces part of a Parquet table: the files that are named stay as they are, see {@link
   * KeptFiles}, and all others make place for rows.
   *
   * @param rows the new rows, which may be made of the old table; for none no file is written, as
   *     long as others stay
   * @param rowCount how many rows the whole table must have, kept and new
   * @param keptFiles paths relative to the table, as in its manifest
   * @param old the table as it was read
   * @param statuses the columns that rows are counted by, over the whole table
   * @throws IllegalArgumentException if the target is not the old table or must not be overwritten,
   *     another run is writing it, it has no such file, or the rows have not the columns of the
   *     kept files, or other embeddings
   * @throws IllegalStateException if the old table, or a kept file, was changed since it was read,
   *     or the rows are not as many
   * @throws TooManyFailuresException if too many rows failed
   * @throws UncheckedIOException if the file system fails; the old table is untouched
   */
  public static WrittenTable replaceFiles(
      Dataset<Row> rows,
      long rowCount,
      Set<String> keptFiles,
      EmbeddingTable old,
      List<StatusColumn> statuses,
      TableTarget target,
      RunInfo run) {
    Configuration hadoop = rows.sparkSession().sessionState().newHadoopConf();
    KeptFiles kept = KeptFiles.of(old, keptFiles, target, hadoop);
    return publish(
        kept.like(rows), OptionalLong.of(rowCount), Optional.of(kept), statuses, target, run);
  }

  /**
   * Writes a table whose rows may be made of what earlier runs left that did not publish it. If
   * this one does not either, whatever the reason, what its finished tasks wrote stays for the
   * next. For Parquet; for other formats there is nothing left.
   *
   * @param table makes the table, once it is known what is left
   * @param rows rows of its input, if that is known and all become rows of the table
   * @throws IllegalArgumentException if the target exists and must not be overwritten, or another
   *     run is writing it
   * @throws IllegalStateException if there are other rows; nothing is published then
   * @throws TooManyFailuresException if too many rows failed
   * @throws UncheckedIOException if the file system fails; the old table is untouched
   */
  public static WrittenTable resume(
      SparkSession spark,
      Function<UnpublishedFiles, Dataset<Row>> table,
      OptionalLong rows,
      List<StatusColumn> statuses,
      TableTarget target,
      RunInfo run) {
    if (!target.isParquet()) {
      return write(table.apply(UnpublishedFiles.NONE), rows, statuses, target, run);
    }
    Configuration hadoop = spark.sessionState().newHadoopConf();
    LeaseHolder self = LeaseHolder.self(run.runId());
    return publishing(
        target,
        () -> Publication.resume(target.path(), target.mode(), target.keepOld(), self, hadoop),
        publication ->
            new StagedTable(
                    publication.files(),
                    publication.staging(),
                    target,
                    run,
                    statuses,
                    Unfinished.KEEP)
                .write(table.apply(publication.unpublished(hadoop)), rows, Optional.empty()));
  }

  /** A Parquet table grows in a hidden directory and is published by one rename. */
  private static WrittenTable publish(
      Dataset<Row> table,
      OptionalLong rows,
      Optional<KeptFiles> kept,
      List<StatusColumn> statuses,
      TableTarget target,
      RunInfo run) {
    SparkSession spark = table.sparkSession();
    Configuration hadoop = spark.sessionState().newHadoopConf();
    return publishing(
        target,
        () ->
            Publication.begin(target.path(), target.mode(), target.keepOld(), run.runId(), hadoop),
        publication -> {
          if (kept.isPresent()) {
            kept.get().requireUnchanged(publication.files());
            kept.get().stage(publication.staging(), spark);
          }
          return new StagedTable(
                  publication.files(),
                  publication.staging(),
                  target,
                  run,
                  statuses,
                  Unfinished.DELETE)
              .write(table, rows, kept);
        });
  }

  /** Begins a publication. */
  @FunctionalInterface
  private interface Beginning {
    Publication begin() throws IOException;
  }

  /** Writes a table where it can be published. */
  @FunctionalInterface
  private interface Staging {
    WrittenTable write(Publication publication) throws IOException;
  }

  private static WrittenTable publishing(TableTarget target, Beginning beginning, Staging staging) {
    try (Publication publication = beginning.begin()) {
      WrittenTable written = staging.write(publication);
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
