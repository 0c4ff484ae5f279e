package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.embed.TinyBert.Golden;
import org.sparkgbert.files.Checksums;

class TableWriterTest {
  private static final EmbeddingColumns COLUMNS = new EmbeddingColumns("embedding");
  private static final RunManifest.Input INPUT =
      new RunManifest.Input(List.of("corpus"), "parquet", "id > 0");

  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;

  /** 42 golden texts and two that have no embedding. */
  private static Dataset<Row> embedded() {
    List<String> texts = new ArrayList<>(TinyBert.golden().stream().map(Golden::text).toList());
    texts.add(3, null);
    texts.add(" ");
    return TinyBert.embedder().transform(TestSpark.texts(texts, 2));
  }

  /** Rows as they are where texts failed. */
  static Dataset<Row> withFailures(int rows, int failed) {
    return TestSpark.session()
        .range(rows)
        .selectExpr(
            "id",
            "IF(id < %d, NULL, array(1f, 2f)) AS embedding".formatted(failed),
            "IF(id < %d, 'failed', 'ok') AS embedding_status".formatted(failed),
            "3 AS embedding_tokens",
            "IF(id < %d, 'Cannot encode: no memory', NULL) AS embedding_error".formatted(failed));
  }

  private TableTarget target(WriteMode mode, double maxFailedShare, String... partitionBy) {
    return new TableTarget(
        folder.resolve("table").toString(),
        "parquet",
        mode,
        KeepOld.NONE,
        List.of(partitionBy),
        maxFailedShare);
  }

  private static WrittenTable write(Dataset<Row> table, TableTarget target, String runId) {
    RunInfo run = new RunInfo(runId, Instant.parse("2026-11-23T12:00:00Z"), INPUT, "tiny-bert", 0);
    return TableWriter.write(table, List.of(StatusColumn.of(COLUMNS)), target, run);
  }

  private RunManifest manifest() throws IOException {
    return RunManifest.parse(Files.readString(folder.resolve("table").resolve(RunManifest.FILE)));
  }

  private List<ParquetFile> footers() {
    return ParquetFiles.readFooters(
        List.of(folder.resolve("table").toString()), new Configuration());
  }

  @Test
  void whatIsReadBackIsWhatWasEmbedded() throws IOException {
    Dataset<Row> table = embedded();
    WrittenTable written = write(table, target(WriteMode.ERROR, 0), "run");
    assertThat(spark.read().parquet(written.location()).orderBy("id").collectAsList())
        .isEqualTo(table.orderBy("id").collectAsList());
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void theReportCountsRowsFilesAndBytes() {
    WrittenTable written = write(embedded(), target(WriteMode.ERROR, 0), "run");
    assertThat(written.location()).isEqualTo(folder.resolve("table").toString());
    assertThat(written.rows()).isEqualTo(44);
    assertThat(written.rowsByStatus().get("embedding_status"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("ok", 40L, "truncated", 2L, "empty", 2L));
    assertThat(written.files()).isEqualTo(2);
    assertThat(written.bytes()).isEqualTo(footers().stream().mapToLong(ParquetFile::bytes).sum());
    assertThat(written.warning()).isEmpty();
  }

  @Test
  void theManifestTellsOfTheRun() throws IOException {
    Dataset<Row> table = embedded();
    write(table, target(WriteMode.ERROR, 0), "run");
    RunManifest manifest = manifest();
    assertThat(manifest.runId()).isEqualTo("run");
    assertThat(manifest.started()).isEqualTo("2026-11-23T12:00:00Z");
    assertThat(Instant.parse(manifest.finished())).isAfter(Instant.EPOCH);
    assertThat(manifest.sparkVersion()).isEqualTo(spark.version());
    assertThat(manifest.input()).isEqualTo(INPUT);
    assertThat(manifest.modelLocation()).isEqualTo("tiny-bert");
    assertThat(manifest.embeddings())
        .containsExactly(
            Map.entry(
                "embedding",
                EmbeddingProvenance.of(table.schema().apply("embedding")).orElseThrow()));
    assertThat(manifest.rows()).isEqualTo(44);
    assertThat(manifest.rowsByStatus())
        .isEqualTo(Map.of("embedding_status", Map.of("ok", 40L, "truncated", 2L, "empty", 2L)));
    assertThat(manifest.partitionBy()).isEmpty();
  }

  @Test
  void theManifestListsTheFilesAsTheyAre() throws IOException {
    write(embedded(), target(WriteMode.ERROR, 0), "run");
    assertFilesListed();
    assertThat(manifest().files())
        .extracting(RunManifest.DataFile::path)
        .noneMatch(path -> path.contains("/"));
  }

  @Test
  void aPartitionedTableListsItsFilesByPartition() throws IOException {
    Dataset<Row> table = embedded().selectExpr("*", "IF(id % 2 = 0, 'a b', 'ü/x') AS `group`");
    write(table, target(WriteMode.ERROR, 0, "group", "embedding_status"), "run");
    assertFilesListed();
    assertThat(manifest().partitionBy()).containsExactly("group", "embedding_status");
    assertThat(manifest().files())
        .extracting(RunManifest.DataFile::path)
        .allMatch(path -> path.matches("group=[^/]+/embedding_status=[a-z]+/part-[^/]+"));
    Dataset<Row> read = spark.read().parquet(folder.resolve("table").toString());
    assertThat(read.selectExpr("id", "text", "embedding", "`group`").orderBy("id").collectAsList())
        .isEqualTo(
            table.selectExpr("id", "text", "embedding", "`group`").orderBy("id").collectAsList());
  }

  private void assertFilesListed() throws IOException {
    Map<String, RunManifest.DataFile> listed = new TreeMap<>();
    for (RunManifest.DataFile file : manifest().files()) {
      listed.put(file.path(), file);
    }
    Path table = folder.resolve("table");
    for (ParquetFile file : footers()) {
      String path =
          file.path().substring(file.path().indexOf(table + "/") + table.toString().length() + 1);
      assertThat(listed.remove(path))
          .isEqualTo(
              new RunManifest.DataFile(
                  path,
                  file.bytes(),
                  file.rows(),
                  file.footerSha256(),
                  Checksums.sha256(table.resolve(path))));
      assertThat(table.resolve(path)).exists();
    }
    assertThat(listed).isEmpty();
    assertThat(manifest().files().stream().mapToLong(RunManifest.DataFile::rows).sum())
        .isEqualTo(manifest().rows());
  }

  @Test
  void columnsAreZstdAndVectorsHaveNoDictionary() throws IOException {
    write(embedded(), target(WriteMode.ERROR, 0), "run");
    for (ColumnChunkMetaData column : columnChunks()) {
      assertThat(column.getCodec()).isEqualTo(CompressionCodecName.ZSTD);
      Set<Encoding> encodings = column.getEncodings();
      if (column.getPath().toDotString().startsWith("embedding.")) {
        assertThat(encodings).contains(Encoding.PLAIN).noneMatch(Encoding::usesDictionary);
      }
      if (column.getPath().toDotString().equals("embedding_status")) {
        assertThat(encodings).as("other columns keep theirs").anyMatch(Encoding::usesDictionary);
      }
    }
  }

  @Test
  void timestampsAreMicrosecondsThatAllToolsRead() throws IOException {
    Dataset<Row> times =
        withFailures(1, 0)
            .coalesce(1)
            .selectExpr(
                "*",
                "TIMESTAMP'9999-12-31 23:59:59.999999' AS last",
                "TIMESTAMP_NTZ'0001-01-01 00:00:00' AS first");
    write(times, target(WriteMode.ERROR, 0), "run");
    assertThat(columnChunks())
        .filteredOn(column -> List.of("last", "first").contains(column.getPath().toDotString()))
        .hasSize(2)
        .allMatch(column -> column.getPrimitiveType().getPrimitiveTypeName().name().equals("INT64"))
        .allMatch(
            column ->
                column.getPrimitiveType().getLogicalTypeAnnotation().toString().contains("MICROS"));
    assertThat(spark.read().parquet(folder.resolve("table").toString()).collectAsList())
        .isEqualTo(times.collectAsList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Export [2025]", "x{y}", "a*b?", "back\\slash", "do:ppel", "50 % +ä"})
  void theNameOfATableIsNoGlob(String name) throws IOException {
    Files.createDirectory(folder.resolve("p_do:ppel"));
    String path = folder.resolve(name).toString();
    for (WriteMode mode : List.of(WriteMode.ERROR, WriteMode.OVERWRITE)) {
      TableTarget named = new TableTarget(path, "parquet", mode, KeepOld.NONE, List.of("id"), 0);
      assertThat(write(withFailures(3, 0), named, mode.name()).rows()).isEqualTo(3);
      assertThat(TableWriter.read(spark, named).count()).isEqualTo(3);
    }
    assertThat(EmbeddingTable.open(path, new Configuration()).manifest().runId())
        .isEqualTo("OVERWRITE");
    assertThat(FakeTable.visible(folder)).containsExactlyInAnyOrder(name, "p_do:ppel");
  }

  @Test
  void pagesHaveChecksums() throws IOException {
    write(embedded(), target(WriteMode.ERROR, 0), "run");
    Path file = Path.of(URI.create(footers().get(0).path()));
    byte[] bytes = Files.readAllBytes(file);
    for (ColumnChunkMetaData column : columnChunks()) {
      if (column.getPath().toDotString().startsWith("embedding.")) {
        bytes[(int) (column.getStartingPos() + column.getTotalSize() - 20)] ^= 4;
      }
    }
    Path damaged = Files.write(folder.resolve("damaged.parquet"), bytes);
    assertThatThrownBy(() -> ParquetFile.verifyPages(damaged.toString(), new Configuration()))
        .hasMessageContaining("checksum");
  }

  private List<ColumnChunkMetaData> columnChunks() throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(footers().get(0).path()), new Configuration()))) {
      return reader.getFooter().getBlocks().get(0).getColumns();
    }
  }

  @Test
  void anExistingTableIsRefusedOrReplaced() throws IOException {
    write(embedded(), target(WriteMode.ERROR, 0), "first");
    assertThatThrownBy(() -> write(embedded(), target(WriteMode.ERROR, 0), "second"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exists; choose another output or --mode overwrite");
    assertThat(manifest().runId()).isEqualTo("first");
    write(embedded().limit(5), target(WriteMode.OVERWRITE, 0), "second");
    assertThat(manifest().runId()).isEqualTo("second");
    assertThat(spark.read().parquet(folder.resolve("table").toString()).count()).isEqualTo(5);
  }

  @Test
  void aTableMayBeReplacedByOneMadeOfItself() {
    write(embedded(), target(WriteMode.ERROR, 0), "first");
    Dataset<Row> part = spark.read().parquet(folder.resolve("table").toString()).where("id < 9");
    assertThat(write(part, target(WriteMode.OVERWRITE, 0), "second").rows()).isEqualTo(9);
  }

  @Test
  void tooManyFailuresLeaveNothing() {
    assertThatThrownBy(() -> write(withFailures(100, 6), target(WriteMode.ERROR, 0.05), "run"))
        .isInstanceOf(TooManyFailuresException.class)
        .hasMessage(
            "Cannot write table: 6 of 100 rows failed, more than 5 %; nothing was written. First"
                + " reason: Cannot encode: no memory");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void tooManyFailuresLeaveTheOldTable() throws IOException {
    write(embedded(), target(WriteMode.ERROR, 0), "first");
    assertThatThrownBy(() -> write(withFailures(100, 1), target(WriteMode.OVERWRITE, 0), "second"))
        .isInstanceOf(TooManyFailuresException.class)
        .hasMessageContaining("1 of 100 rows failed, more than 0 %");
    assertThat(manifest().runId()).isEqualTo("first");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void asManyFailuresAsMayBeAreWritten() {
    WrittenTable written = write(withFailures(100, 5), target(WriteMode.ERROR, 0.05), "run");
    assertThat(written.rowsByStatus().get("embedding_status"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("ok", 95L, "failed", 5L));
  }

  @Test
  void aTaskThatFailsLeavesTheOldTable() throws IOException {
    write(embedded(), target(WriteMode.ERROR, 0), "first");
    Dataset<Row> failing =
        withFailures(10, 0).selectExpr("*", "IF(id = 7, raise_error('Zeile kaputt'), 1) AS x");
    assertThatThrownBy(() -> write(failing, target(WriteMode.OVERWRITE, 0), "second"))
        .hasStackTraceContaining("Zeile kaputt");
    assertThat(manifest().runId()).isEqualTo("first");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void aTableWithoutRowsIsWritten() throws IOException {
    Dataset<Row> none = embedded().where("id < 0");
    assertThat(write(none, target(WriteMode.ERROR, 0), "run").rows()).isZero();
    try (Stream<Path> files = Files.list(folder.resolve("table"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".parquet"))).isNotEmpty();
    }
  }

  @Test
  void aTableThatLacksRowsOfItsInputIsNotPublished() throws IOException {
    write(embedded(), target(WriteMode.ERROR, 0), "first");
    RunInfo run = new RunInfo("second", Instant.EPOCH, INPUT, "tiny-bert", 0);
    for (String format : List.of("parquet", "orc")) {
      TableTarget target =
          new TableTarget(
              folder.resolve("table").toString(),
              format,
              WriteMode.OVERWRITE,
              KeepOld.NONE,
              List.of(),
              0);
      assertThatThrownBy(
              () ->
                  TableWriter.write(
                      withFailures(9, 0),
                      OptionalLong.of(10),
                      List.of(StatusColumn.of(COLUMNS)),
                      target,
                      run))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Cannot publish table %s: it must have 10 rows, found 9", folder.resolve("table"));
    }
    assertThat(manifest().runId()).isEqualTo("first");
  }

  /** Spark writes no file for it, so that nobody could tell its columns. */
  @Test
  void aPartitionedTableWithoutRowsIsRefused() {
    Dataset<Row> none = embedded().where("id < 0");
    assertThatThrownBy(() -> write(none, target(WriteMode.ERROR, 0, "id"), "run"))
        .hasMessageContaining("UNABLE_TO_INFER_SCHEMA");
    assertThat(folder).isEmptyDirectory();
  }
}
