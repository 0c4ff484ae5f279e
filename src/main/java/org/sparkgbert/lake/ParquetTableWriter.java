package org.sparkgbert.lake;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;
import org.sparkgbert.embed.EmbeddingColumns;

/**
 * Writes Parquet tables: into a hidden directory, read back, with a manifest, and published by one
 * rename.
 */
final class ParquetTableWriter {
  private static final String ROW_GROUP = "parquet.block.size";
  private static final String ROW_GROUP_BYTES = Integer.toString(32 << 20);

  private final TableTarget target;
  private final RunInfo run;
  private final EmbeddingColumns columns;

  ParquetTableWriter(TableTarget target, RunInfo run, EmbeddingColumns columns) {
    this.target = target;
    this.run = run;
    this.columns = columns;
  }

  /**
   * Writes and publishes a table.
   *
   * @throws IllegalArgumentException if the target cannot be written
   * @throws TooManyFailuresException if too many rows failed
   * @throws UncheckedIOException if the file system fails; the old table is untouched
   */
  WrittenTable write(Dataset<Row> table) {
    SparkSession spark = table.sparkSession();
    Configuration hadoop = spark.sessionState().newHadoopConf();
    try (Publication publication =
        Publication.begin(target.path(), target.mode(), run.runId(), hadoop)) {
      String staging = publication.staging().toString();
      writeData(table, staging);
      List<ParquetFile> files = ParquetFiles.readFooters(List.of(staging), hadoop);
      Dataset<Row> written = spark.read().parquet(staging);
      Map<String, Long> counts = StatusCounts.of(written, columns);
      requireAllRows(files, counts);
      StatusCounts.requireFewFailures(counts, target.maxFailedShare(), written, columns);
      writeManifest(publication, manifest(table, files, counts));
      publication.commit();
      return new WrittenTable(
          target.path(),
          StatusCounts.sum(counts),
          counts,
          files.size(),
          files.stream().mapToLong(ParquetFile::bytes).sum(),
          publication.isAtomic() ? "" : notAtomic(publication));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write table %s: %s".formatted(target.path(), e.getMessage()), e);
    }
  }

  /**
   * Dictionaries never pay for vectors, and trying one costs time. A row group is held in memory by
   * each task, so it is a quarter of Parquet's default unless the user says otherwise.
   */
  private void writeData(Dataset<Row> table, String staging) {
    String element = columns.embedding() + ".list.element";
    String rowGroup =
        table.sparkSession().sessionState().newHadoopConf().get(ROW_GROUP, ROW_GROUP_BYTES);
    table
        .write()
        .option(ROW_GROUP, rowGroup)
        .option("compression", "zstd")
        .option("parquet.enable.dictionary#" + element, "false")
        .option("parquet.page.write-checksum.enabled", "true")
        .partitionBy(target.partitionBy().toArray(String[]::new))
        .parquet(staging);
  }

  private void requireAllRows(List<ParquetFile> files, Map<String, Long> counts) {
    long inFooters = files.stream().mapToLong(ParquetFile::rows).sum();
    if (inFooters != StatusCounts.sum(counts)) {
      throw new IllegalStateException(
          "Cannot publish table %s: its footers count %d rows, found %d when read back"
              .formatted(target.path(), inFooters, StatusCounts.sum(counts)));
    }
  }

  private RunManifest manifest(
      Dataset<Row> table, List<ParquetFile> files, Map<String, Long> counts) {
    return RunManifest.of(
        run,
        table,
        Map.of(columns.status(), counts),
        target,
        files.stream().map(this::relative).toList());
  }

  private RunManifest.DataFile relative(ParquetFile file) {
    String marker = "/new-" + run.runId() + "/";
    String path = file.path().substring(file.path().indexOf(marker) + marker.length());
    return new RunManifest.DataFile(path, file.bytes(), file.rows(), file.footerSha256());
  }

  private static void writeManifest(Publication publication, RunManifest manifest)
      throws IOException {
    Path file = new Path(publication.staging(), RunManifest.FILE);
    try (OutputStream out = publication.files().create(file, false)) {
      out.write(manifest.toJson().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String notAtomic(Publication publication) {
    URI uri = publication.files().getUri();
    return "A rename on "
        + uri.getScheme()
        + " is no single step: a reader may see part of a table, and a run that dies may leave"
        + " one. A table format (--output-format iceberg or delta) publishes in one step there.";
  }
}
