package org.sparkgbert.lake;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;
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
 */
record StagedTable(
    FileSystem fileSystem,
    Path directory,
    TableTarget target,
    RunInfo run,
    List<StatusColumn> statuses) {
  private static final String ROW_GROUP = "parquet.block.size";
  private static final String ROW_GROUP_BYTES = Integer.toString(32 << 20);

  /**
   * Writes the table.
   *
   * @throws TooManyFailuresException if too many rows failed
   */
  WrittenTable write(Dataset<Row> table) throws IOException {
    SparkSession spark = table.sparkSession();
    Configuration hadoop = spark.sessionState().newHadoopConf();
    writeData(table);
    List<ParquetFile> files = ParquetFiles.readFooters(List.of(directory.toString()), hadoop);
    Dataset<Row> written = spark.read().parquet(directory.toString());
    StatusCounts counts = StatusCounts.of(written, statuses);
    requireAllRows(files, counts);
    counts.requireFewFailures(target.maxFailedShare(), written, statuses);
    List<RunManifest.DataFile> relative = files.stream().map(this::relative).toList();
    RunManifest manifest = RunManifest.of(run, table, counts, target, relative);
    HadoopFiles.write(fileSystem, new Path(directory, RunManifest.FILE), manifest.toJson());
    long bytes = files.stream().mapToLong(ParquetFile::bytes).sum();
    return new WrittenTable(
        target.path(), counts.rows(), counts.byColumn(), files.size(), bytes, "");
  }

  /**
   * Dictionaries never pay off for vectors, and trying one costs time. Each task holds a row group
   * in memory, so it is a quarter of Parquet's default unless the user says otherwise.
   */
  private void writeData(Dataset<Row> table) {
    String rowGroup =
        table.sparkSession().sessionState().newHadoopConf().get(ROW_GROUP, ROW_GROUP_BYTES);
    DataFrameWriter<Row> writer =
        table
            .write()
            .option(ROW_GROUP, rowGroup)
            .option("compression", "zstd")
            .option("parquet.page.write-checksum.enabled", "true")
            .partitionBy(target.partitionBy().toArray(String[]::new));
    Arrays.stream(table.schema().fields())
        .filter(StagedTable::isVector)
        .map(field -> "parquet.enable.dictionary#" + field.name() + ".list.element")
        .forEach(option -> writer.option(option, "false"));
    writer.parquet(directory.toString());
  }

  private static boolean isVector(StructField field) {
    return field.dataType() instanceof ArrayType array
        && array.elementType().equals(DataTypes.FloatType);
  }

  private void requireAllRows(List<ParquetFile> files, StatusCounts counts) {
    long inFooters = files.stream().mapToLong(ParquetFile::rows).sum();
    if (inFooters != counts.rows()) {
      throw new IllegalStateException(
          "Cannot publish table %s: its footers count %d rows, found %d when read back"
              .formatted(target.path(), inFooters, counts.rows()));
    }
  }

  private RunManifest.DataFile relative(ParquetFile file) {
    String prefix = directory.toUri().getPath() + "/";
    String path = new Path(file.path()).toUri().getPath().substring(prefix.length());
    return new RunManifest.DataFile(path, file.bytes(), file.rows(), file.footerSha256());
  }
}
