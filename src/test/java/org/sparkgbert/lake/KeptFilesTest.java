package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.settings.Setting;

/** A table of which some files stay while others are replaced. */
@Tag("long")
class KeptFilesTest {
  private static final RunManifest.Input INPUT =
      new RunManifest.Input(List.of("corpus"), "parquet", "");
  private static final List<StatusColumn> STATUSES =
      List.of(StatusColumn.of(new EmbeddingColumns("embedding")));
  private static final int DAYS = 4;
  private static final int PER_DAY = 5;

  /** More of them are near a run's end, where it publishes. */
  private static final int KILLS = 10;

  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;
  private Path table;

  @BeforeEach
  void writeOldTable() {
    spark.conf().set("fs.faulty.impl", FaultyFileSystem.class.getName());
    FaultyFileSystem.heal();
    table = folder.resolve("table");
    TableWriter.write(rows(0, DAYS * PER_DAY), STATUSES, target(""), run("old"));
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
    spark.conf().unset("fs.faulty.impl");
  }

  private static Dataset<Row> texts(int from, int to) {
    return TestSpark.texts(
            IntStream.range(0, to).mapToObj(i -> i % 7 == 3 ? " " : "Satz " + i).toList(), 2)
        .where("id >= " + from)
        .selectExpr("id", "concat('0', id div " + PER_DAY + ") AS day", "text");
  }

  /** Rows of texts, of which each fifth has the same day; every seventh is blank. */
  private static Dataset<Row> rows(int from, int to) {
    return TinyBert.embedder().transform(texts(from, to)).coalesce(1);
  }

  private TableTarget target(String scheme) {
    return new TableTarget(
        scheme + table, "parquet", WriteMode.OVERWRITE, KeepOld.NEXT_RUN, List.of("day"), 0);
  }

  private static RunInfo run(String id) {
    return new RunInfo(id, Instant.EPOCH, INPUT, TinyBert.directory().toString(), 0);
  }

  private EmbeddingTable open() {
    return EmbeddingTable.open(table.toString(), new Configuration());
  }

  private static Set<String> files(EmbeddingTable table, String... days) {
    return table.manifest().files().stream()
        .map(RunManifest.DataFile::path)
        .filter(path -> List.of(days).contains(path.substring("day=".length(), path.indexOf('/'))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private WrittenTable replace(Dataset<Row> rows, long count, Set<String> kept) {
    return TableWriter.replaceFiles(rows, count, kept, open(), STATUSES, target(""), run("new"));
  }

  private Map<Integer, Row> read() {
    Map<Integer, Row> rows = new TreeMap<>();
    for (Row row : open().rows(spark).select("id", "day", "text", "embedding").collectAsList()) {
      rows.put(row.getInt(0), row);
    }
    return rows;
  }

  private void assertChecked(String runId, long rows) {
    assertThat(open().manifest().runId()).isEqualTo(runId);
    assertThat(
            new CheckTable(new CheckSettings(table.toString(), "", 8))
                .run(spark, Progress.NONE)
                .lines())
        .isEmpty();
    assertThat(open().manifest().rows()).isEqualTo(rows);
    assertThat(open().rows(spark).count()).isEqualTo(rows);
  }

  @Test
  void theFilesOfSomePartitionsStayAndOthersAreReplaced() throws IOException {
    EmbeddingTable old = open();
    Set<String> kept = files(old, "00", "02");
    Map<Integer, Row> before = read();
    Dataset<Row> fresh = rows(15, 23);
    WrittenTable written = replace(fresh, 18, kept);
    assertThat(written.rows()).isEqualTo(18);
    assertThat(written.rowsByStatus())
        .isEqualTo(Map.of("embedding_status", Map.of("ok", 15L, "empty", 3L)));
    assertChecked("new", 18);
    Map<Integer, Row> after = read();
    assertThat(after.keySet())
        .containsExactlyElementsOf(
            IntStream.range(0, 23).boxed().filter(i -> i < 5 || i >= 10).toList());
    assertThat(after.entrySet())
        .containsAll(
            before.entrySet().stream()
                .filter(row -> row.getKey() < 5 || row.getKey() >= 10)
                .toList());
    List<RunManifest.DataFile> listed = open().manifest().files();
    assertThat(listed)
        .hasSize(4)
        .containsAll(
            old.manifest().files().stream().filter(file -> kept.contains(file.path())).toList());
    assertThat(written.files()).isEqualTo(4);
    assertThat(written.bytes())
        .isEqualTo(listed.stream().mapToLong(RunManifest.DataFile::bytes).sum());
    assertThat(FakeTable.visible(table))
        .containsExactly("_SUCCESS", RunManifest.FILE, "day=00", "day=02", "day=03", "day=04");
  }

  @Test
  void allFilesMayStayAndNothingBeAdded() throws IOException {
    EmbeddingTable old = open();
    Map<Integer, Row> before = read();
    WrittenTable written =
        replace(rows(0, 1).where("id < 0"), 20, files(old, "00", "01", "02", "03"));
    assertThat(written.files()).isEqualTo(4);
    assertChecked("new", 20);
    assertThat(open().manifest().files()).isEqualTo(old.manifest().files());
    assertThat(read()).isEqualTo(before);
  }

  @Test
  void withoutPartitionsNoFileIsWrittenForNoRows() throws IOException {
    Path plain = folder.resolve("plain");
    TableTarget target =
        new TableTarget(
            plain.toString(), "parquet", WriteMode.OVERWRITE, KeepOld.NONE, List.of(), 0);
    TableWriter.write(rows(0, 10).repartition(2), STATUSES, target, run("old"));
    EmbeddingTable old = EmbeddingTable.open(plain.toString(), new Configuration());
    Set<String> all =
        old.manifest().files().stream().map(RunManifest.DataFile::path).collect(Collectors.toSet());
    assertThat(all).hasSize(2);
    WrittenTable written =
        TableWriter.replaceFiles(
            rows(0, 1).where("id < 0"), 10, all, old, STATUSES, target, run("new"));
    assertThat(written.files()).isEqualTo(2);
    EmbeddingTable second = EmbeddingTable.open(plain.toString(), new Configuration());
    assertThat(second.manifest().files()).isEqualTo(old.manifest().files());
    written =
        TableWriter.replaceFiles(
            rows(0, 1).where("id < 0"), 0, Set.of(), second, STATUSES, target, run("none"));
    assertThat(written.files()).as("somebody has to tell the columns").isEqualTo(1);
    assertThat(EmbeddingTable.open(plain.toString(), new Configuration()).rows(spark).columns())
        .contains("embedding");
  }

  @Test
  void newRowsMayBeMadeOfTheOldTable() {
    EmbeddingTable old = open();
    Dataset<Row> some = old.rows(spark).where("day = '01' AND id <> 7");
    replace(some, 19, files(old, "00", "02", "03"));
    assertChecked("new", 19);
    assertThat(read().keySet()).doesNotContain(7).hasSize(19);
  }

  @Test
  void columnsInAnotherOrderAndWithoutMetadataOfTheirOwnFit() {
    Dataset<Row> other =
        rows(20, 25)
            .select(
                "embedding_status",
                "embedding",
                "day",
                "embedding_error",
                "text",
                "embedding_tokens",
                "id");
    replace(other, 25, files(open(), "00", "01", "02", "03"));
    assertChecked("new", 25);
  }

  @Test
  void onTheLocalDiskKeptFilesAreLinks() throws IOException {
    EmbeddingTable old = open();
    String kept = files(old, "01").iterator().next();
    Object inode = Files.getAttribute(table.resolve(kept), "unix:ino");
    replace(rows(0, 5), 10, Set.of(kept));
    assertThat(Files.getAttribute(table.resolve(kept), "unix:ino")).isEqualTo(inode);
    assertThat(Files.getAttribute(table.resolve(kept), "unix:nlink"))
        .as("here and in the replaced table")
        .isEqualTo(2);
    Path checksums = table.resolve(kept).resolveSibling("." + Path.of(kept).getFileName() + ".crc");
    assertThat(checksums).exists();
    assertChecked("new", 10);
    TableWriter.write(rows(0, 5), STATUSES, target(""), run("third"));
    TableWriter.write(rows(0, 5), STATUSES, target(""), run("fourth"));
    assertChecked("fourth", 5);
  }

  /** Deleting one of two tables that share a file leaves the other as it is. */
  @Test
  void theNextRunDeletesTheReplacedTableAndNotItsFiles() throws IOException {
    Set<String> kept = files(open(), "00", "01", "02", "03");
    for (String id : List.of("second", "third", "fourth")) {
      TableWriter.replaceFiles(
          rows(0, 1).where("id < 0"), 20, kept, open(), STATUSES, target(""), run(id));
      assertChecked(id, 20);
    }
    try (var left = Files.list(folder.resolve(".table.publish"))) {
      assertThat(left)
          .hasSize(1)
          .allMatch(path -> path.getFileName().toString().matches("kept-.*-fourth"));
    }
  }

  @Test
  void aSymbolicLinkIsCopiedAndNotLinked() throws IOException {
    String kept = files(open(), "01").iterator().next();
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("data");
    Files.move(table.resolve(kept), elsewhere);
    Files.createSymbolicLink(table.resolve(kept), elsewhere);
    replace(rows(0, 5), 10, Set.of(kept));
    assertThat(table.resolve(kept)).isRegularFile().matches(file -> !Files.isSymbolicLink(file));
    assertChecked("new", 10);
    assertThat(FakeTable.visible(table)).doesNotContain("_copies");
  }

  @Test
  void onOtherFileSystemsBytesAreCopied() throws IOException {
    EmbeddingTable old = EmbeddingTable.open("faulty:" + table, FaultyFileSystem.configuration());
    String kept = files(old, "01").iterator().next();
    Object inode = Files.getAttribute(table.resolve(kept), "unix:ino");
    TableWriter.replaceFiles(
        rows(0, 5), 10, Set.of(kept), old, STATUSES, target("faulty:"), run("new"));
    assertThat(Files.getAttribute(table.resolve(kept), "unix:ino")).isNotEqualTo(inode);
    assertThat(FakeTable.visible(table)).doesNotContain("_copies");
    assertChecked("new", 10);
  }

  /** A bit that no footer tells of; with and without the checksums that Hadoop keeps beside it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKeptFileThatWasChangedIsRefusedByName(boolean withHadoopsChecksums) throws IOException {
    EmbeddingTable old = open();
    String kept = files(old, "01").iterator().next();
    Path file = table.resolve(kept);
    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 1;
    Files.write(file, bytes);
    if (!withHadoopsChecksums) {
      Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    }
    assertThatThrownBy(() -> replace(rows(0, 5), 10, Set.of(kept)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot keep file %s of table %s: it was changed after run old had written it; jobs/check.sh says more",
            kept, table);
    assertThat(open().manifest().runId()).isEqualTo("old");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void aKeptFileThatVanishedIsRefusedByName() throws IOException {
    String kept = files(open(), "01").iterator().next();
    Files.delete(table.resolve(kept));
    assertThatThrownBy(() -> replace(rows(0, 5), 10, Set.of(kept)))
        .hasMessageStartingWith("Cannot keep file " + kept)
        .hasMessageContaining("it vanished after run old had written it");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void aTableThatAnotherRunWroteMeanwhileIsNotReplaced() {
    EmbeddingTable old = open();
    TableWriter.write(rows(0, 7), STATUSES, target(""), run("other"));
    assertThatThrownBy(
            () ->
                TableWriter.replaceFiles(
                    rows(0, 5), 10, Set.of(), old, STATUSES, target(""), run("new")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot publish table %s: it was changed by run other after this run had read it as written by run old; run again",
            table);
    assertChecked("other", 7);
  }

  @Test
  void anotherCountOfRowsIsNotPublished() {
    assertThatThrownBy(() -> replace(rows(0, 5), 11, files(open(), "01")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot publish table %s: it must have 11 rows, found 10", table);
    assertChecked("old", 20);
  }

  @Test
  void rowsThatDoNotFitTheKeptFilesAreRefused() {
    Set<String> kept = files(open(), "01");
    assertThatThrownBy(() -> replace(rows(0, 5).drop("text"), 10, kept))
        .hasMessageContaining("its column 'text' is string, found none in the new rows; write all");
    assertThatThrownBy(() -> replace(rows(0, 5).selectExpr("*", "1 AS x"), 10, kept))
        .hasMessageContaining("it has no column 'x' as the new rows");
    assertThatThrownBy(
            () ->
                replace(
                    rows(0, 5)
                        .withColumn(
                            "id", org.apache.spark.sql.functions.expr("cast(id as bigint)")),
                    10,
                    kept))
        .hasMessageContaining("its column 'id' is int, found bigint in the new rows");
    assertThatThrownBy(
            () ->
                replace(
                    rows(0, 5)
                        .selectExpr("*")
                        .drop("embedding")
                        .join(spark.sql("SELECT array(1f) AS embedding")),
                    10,
                    kept))
        .hasMessageContaining("does not say what made it");
    assertThatThrownBy(() -> replace(embedded(EncoderOptions.MAX_SEQ_LENGTH, 9), 10, kept))
        .hasMessageContaining("Cannot keep files of table")
        .hasMessageContaining("max_seq_length");
    assertThatThrownBy(
            () -> replace(TinyBert.embedder().setInputCol("day").transform(texts(0, 5)), 10, kept))
        .hasMessageContaining("has the embeddings of column 'text', found 'day' in the new rows");
    TableTarget unpartitioned =
        new TableTarget(
            table.toString(), "parquet", WriteMode.OVERWRITE, KeepOld.NONE, List.of(), 0);
    assertThatThrownBy(
            () ->
                TableWriter.replaceFiles(
                    rows(0, 5), 10, kept, open(), STATUSES, unpartitioned, run("new")))
        .hasMessageContaining("it is partitioned by [day], found [] for the new rows");
    assertChecked("old", 20);
  }

  private static <T> Dataset<Row> embedded(Setting<T> setting, T value) {
    return TinyBert.embedder().set(setting, value).transform(texts(0, 5));
  }

  @Test
  void filesOfOtherTablesAreRefused() {
    assertThatThrownBy(() -> replace(rows(0, 5), 10, Set.of("day=00/part-9.parquet")))
        .hasMessage(
            "Cannot keep files of table %s: its manifest lists no file day=00/part-9.parquet",
            table);
    TableTarget other =
        new TableTarget(
            folder.resolve("other").toString(),
            "parquet",
            WriteMode.OVERWRITE,
            KeepOld.NONE,
            List.of("day"),
            0);
    assertThatThrownBy(
            () ->
                TableWriter.replaceFiles(
                    rows(0, 5), 10, Set.of(), open(), STATUSES, other, run("new")))
        .hasMessageContaining("only a Parquet table that is written again can keep its own");
  }

  @Test
  void aNewFileWithTheNameOfAKeptOneIsRefused() {
    EmbeddingTable old = open();
    KeptFiles kept = KeptFiles.of(old, files(old, "01"), target(""), new Configuration());
    String name = files(old, "01").iterator().next();
    assertThat(kept.withRows(Map.of("day=09/part", 3L)))
        .isEqualTo(Map.of("day=09/part", 3L, name, 5L));
    assertThatThrownBy(() -> kept.withRows(Map.of(name, 3L)))
        .hasMessageContaining(
            "a task wrote %s, which is the name of a file that stays".formatted(name));
  }

  @Test
  void whereverARunDiesTheTableIsWhole() throws IOException {
    Set<String> kept = files(open(), "00", "02");
    Dataset<Row> fresh = rows(5, 10).localCheckpoint();
    int last = changesOfARun(kept, fresh);
    List<String> outcomes = new ArrayList<>();
    for (int kill = KILLS; kill >= 0; kill--) {
      int step = last - kill * kill * last / (KILLS * KILLS);
      Path copy = copyOfTheTable("lake-" + step);
      KilledRun.at(step, self -> replaceOnFaultyDisk(copy, kept, fresh));
      KilledRun.markDead(copy.resolveSibling(".table.publish"));
      EmbeddingTable found = EmbeddingTable.open(copy.toString(), new Configuration());
      outcomes.add(found.manifest().runId());
      assertThat(found.manifest().rows()).isEqualTo(outcomes.contains("new") ? 15 : 20);
      assertThat(
              new CheckTable(new CheckSettings(copy.toString(), "", 0))
                  .run(spark, Progress.NONE)
                  .lines())
          .as("after a run that was killed before step %d", step)
          .isEmpty();
    }
    assertThat(outcomes).startsWith("old", "old", "old").endsWith("new");
  }

  private int changesOfARun(Set<String> kept, Dataset<Row> fresh) throws IOException {
    AtomicInteger changes = new AtomicInteger();
    FaultyFileSystem.follow(
        change -> {
          changes.incrementAndGet();
          return true;
        });
    replaceOnFaultyDisk(copyOfTheTable("lake"), kept, fresh);
    FaultyFileSystem.heal();
    return changes.get();
  }

  private Path copyOfTheTable(String lake) throws IOException {
    Path copy = folder.resolve(lake).resolve("table");
    FileUtils.copyDirectory(table.toFile(), copy.toFile());
    return copy;
  }

  private static void replaceOnFaultyDisk(Path table, Set<String> kept, Dataset<Row> fresh)
      throws IOException {
    TableTarget target =
        new TableTarget(
            "faulty:" + table, "parquet", WriteMode.OVERWRITE, KeepOld.NEXT_RUN, List.of("day"), 0);
    try {
      EmbeddingTable old = EmbeddingTable.open("faulty:" + table, FaultyFileSystem.configuration());
      TableWriter.replaceFiles(fresh, 15, kept, old, STATUSES, target, run("new"));
    } catch (Exception killed) {
      // Spark's own is checked, and not declared.
      throw new IOException(killed);
    }
  }
}
