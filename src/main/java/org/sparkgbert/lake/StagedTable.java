package org.sparkgbert.lake;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Amount;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;
import org.sparkgbert.corpus.PartitionTypes;
import org.sparkgbert.files.HadoopFiles;

/**
 * A Parquet table that is not visible yet: written into a directory, and read back; the manifest
 * comes last.
 *
 * @param fileSystem where the directory is
 * @param directory where it grows
 * @param target what it will be
 * @param run the run that writes it
 * @param statuses the columns that rows are counted by
 * @param unfinished what becomes of it if it is not published
 */
record StagedTable(
    FileSystem fileSystem,
    Path directory,
    TableTarget target,
    RunInfo run,
    List<StatusColumn> statuses,
    Unfinished unfinished) {
  private static final String ROW_GROUP = "parquet.block.size";
  private static final String ROW_GROUP_BYTES = Integer.toString(32 << 20);

  /**
   * Writes the table.
   *
   * @param expected its rows, if that is known
   * @param kept files that become part of it as they are
   * @throws TooManyFailuresException if too many rows failed
   * @throws IllegalStateException if what lies in the directory is not what the tasks wrote, or the
   *     rows are not as many as expected
   */
  WrittenTable write(Dataset<Row> table, OptionalLong expected, Optional<KeptFiles> kept)
      throws IOException {
    SparkSession spark = table.sparkSession();
    Configuration hadoop = spark.sessionState().newHadoopConf();
    String partitions = PartitionTypes.ddl(table.schema(), target.partitionBy());
    Map<String, Long> rowsByFile = writeData(table, partitions);
    if (kept.isPresent()) {
      deleteEmpty(rowsByFile, kept.get());
      rowsByFile = kept.get().withRows(rowsByFile);
    }
    List<ParquetFile> files = ParquetFiles.readFooters(List.of(directory.toString()), hadoop);
    List<RunManifest.DataFile> relative = files.stream().map(this::relative).toList();
    requireFilesOfTasks(relative, rowsByFile);
    Dataset<Row> written =
        PartitionTypes.read(
            spark,
            List.of(partitions),
            schema -> InputPaths.literally(spark, schema).parquet(directory.toString()));
    StatusCounts counts = StatusCounts.of(written, statuses);
    requireAllRows(files, counts);
    counts.requireRows(target.path(), expected);
    counts.requireFewFailures(target.maxFailedShare(), written, statuses);
    List<RunManifest.DataFile> checked =
        FileChecksums.of(directory, relative, kept.map(KeptFiles::files).orElse(List.of()), spark);
    RunManifest manifest = RunManifest.of(run, table, counts, target, checked);
    HadoopFiles.write(fileSystem, new Path(directory, RunManifest.FILE), manifest.toJson());
    long bytes = files.stream().mapToLong(ParquetFile::bytes).sum();
    return new WrittenTable(
        target.path(), run, counts.rows(), counts.byColumn(), files.size(), bytes, "");
  }

  /**
   * A row group is held in memory by each task, so it is a quarter of Parquet's default unless the
   * user says otherwise.
   *
   * @return rows by file, as the tasks counted them
   */
  private Map<String, Long> writeData(Dataset<Row> table, String partitions) {
    String rowGroup =
        table.sparkSession().sessionState().newHadoopConf().get(ROW_GROUP, ROW_GROUP_BYTES);
    DataFrameWriter<Row> writer =
        PartitionValues.guarded(table, target.partitionBy())
            .write()
            .format(CountedParquet.class.getName())
            .mode(SaveMode.Append)
            .option(ROW_GROUP, rowGroup)
            .option(CountedParquet.PARTITIONS, partitions)
            .options(VectorFiles.options(table.schema()))
            .partitionBy(target.partitionBy().toArray(String[]::new));
    if (unfinished == Unfinished.KEEP) {
      // The files of a task are in place once it ends, whatever becomes of the others.
      writer.option(FileOutputCommitter.FILEOUTPUTCOMMITTER_ALGORITHM_VERSION, "2");
    }
    try (WriteTally tally = WriteTally.registered(table.sparkSession())) {
      writer.option(CountedParquet.TALLY, tally.id()).save(directory.toString());
      return tally.byFile(target.partitionBy().size());
    } catch (RuntimeException e) {
      throw PartitionValues.refusal(e).orElseThrow(() -> e);
    }
  }

  /** Spark writes one for no rows, which tells the columns; here others do. */
  private void deleteEmpty(Map<String, Long> rowsByFile, KeptFiles kept) throws IOException {
    int files = rowsByFile.size() + kept.files().size();
    List<String> empty =
        rowsByFile.entrySet().stream()
            .filter(file -> file.getValue() == 0)
            .map(Map.Entry::getKey)
            .toList();
    if (empty.size() < files) {
      for (String path : empty) {
        fileSystem.delete(new Path(directory + "/" + path), false);
        rowsByFile.remove(path);
      }
    }
  }

  /** A file may have been lost or added by someone else after its task had committed it. */
  private void requireFilesOfTasks(List<RunManifest.DataFile> files, Map<String, Long> rowsByFile) {
    Map<String, Long> left = new TreeMap<>(rowsByFile);
    for (RunManifest.DataFile file : files) {
      Long written = left.remove(file.path());
      if (written == null) {
        throw notAsWritten("no task of this run wrote the file " + file.path());
      }
      if (written != file.rows()) {
        throw notAsWritten(
            "tasks wrote %d rows to %s, found %d".formatted(written, file.path(), file.rows()));
      }
    }
    if (!left.isEmpty()) {
      long rows = left.values().stream().mapToLong(Long::longValue).sum();
      throw notAsWritten(
          "gone since tasks wrote them: %s with %s, among them %s"
              .formatted(
                  Amount.of(left.size(), "file"),
                  Amount.of(rows, "row"),
                  left.keySet().iterator().next()));
    }
  }

  private IllegalStateException notAsWritten(String reason) {
    return new IllegalStateException(
        "Cannot publish table %s: %s".formatted(target.path(), reason));
  }

  private void requireAllRows(List<ParquetFile> files, StatusCounts counts) {
    long inFooters = files.stream().mapToLong(ParquetFile::rows).sum();
    if (inFooters != counts.rows()) {
      throw notAsWritten(
          "its footers count %d rows, found %d when read back".formatted(inFooters, counts.rows()));
    }
  }

  private RunManifest.DataFile relative(ParquetFile file) {
    String prefix = directory.toUri().getPath() + "/";
    String path = new Path(file.path()).toUri().getPath().substring(prefix.length());
    return new RunManifest.DataFile(path, file.bytes(), file.rows(), file.footerSha256(), "");
  }
}
