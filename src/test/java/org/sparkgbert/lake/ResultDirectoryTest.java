package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;

class ResultDirectoryTest {
  private static final RunManifest.Input INPUT =
      new RunManifest.Input(List.of("corpus"), "parquet", "");

  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void nameTarget() {
    target = folder.resolve("result");
  }

  private ResultDirectory begin(WriteMode mode, String runId) {
    return ResultDirectory.begin(
        spark,
        new TableTarget(target.toString(), "parquet", mode, KeepOld.NONE, List.of(), 0),
        new RunInfo(runId, Instant.parse("2026-11-23T12:00:00Z"), INPUT, "tiny-bert", 0));
  }

  /** Numbers that say what they were computed of. */
  private Dataset<Row> numbers(int rows) {
    return spark
        .range(0, rows, 1, 1)
        .selectExpr("id", "CAST(id AS FLOAT) AS size")
        .withMetadata("size", new DerivedProvenance("size", List.of()).toMetadata());
  }

  private void write(ResultDirectory directory, int rows, String page) {
    assertThat(directory.table("first", numbers(rows), List.of()).rows()).isEqualTo(rows);
    directory.table("second", numbers(2), List.of());
    directory.file("page.html", page);
  }

  private void publish(WriteMode mode, String runId, int rows, String page) {
    try (ResultDirectory directory = begin(mode, runId)) {
      write(directory, rows, page);
      assertThat(directory.publish()).isEmpty();
    }
  }

  private RunManifest manifest() throws IOException {
    return RunManifest.parse(Files.readString(target.resolve(RunManifest.FILE)));
  }

  private List<String> findings() {
    return new CheckTable(new CheckSettings(target.toString(), "", 0))
        .run(spark, Progress.NONE)
        .lines();
  }

  @Test
  void allPartsAppearAtOnceAndNothingElse() throws IOException {
    try (ResultDirectory directory = begin(WriteMode.ERROR, "a")) {
      write(directory, 5, "Grüße");
      assertThat(spark.read().parquet(directory.path("first")).count()).isEqualTo(5);
      assertThat(target).doesNotExist();
      assertThat(FakeTable.visible(folder)).containsExactly(".result.publish");
      assertThat(directory.publish()).isEmpty();
    }
    assertThat(FakeTable.visible(folder)).containsExactly("result");
    assertThat(FakeTable.visible(target))
        .containsExactly(RunManifest.FILE, "first", "page.html", "second");
    assertThat(target.resolve("page.html")).hasContent("Grüße");
    assertThat(spark.read().parquet(target.resolve("second").toString()).count()).isEqualTo(2);
    assertThat(manifest().parts()).containsExactly("first", "second", "page.html");
    assertThat(manifest().rows()).isEqualTo(5);
    assertThat(manifest().rowsByPart()).isEqualTo(Map.of("first", 5L, "second", 2L));
    assertThat(manifest().runId()).isEqualTo("a");
    assertThat(manifest().input()).isEqualTo(INPUT);
  }

  @Test
  void partsThatAreWrittenAtOnceAreListedInTheOrderInWhichTheyWereNamed() throws Exception {
    try (ResultDirectory directory = begin(WriteMode.ERROR, "a")) {
      List<String> names = List.of("first", "second", "third");
      names.forEach(directory::path);
      var tables =
          List.of(3, 2, 1).stream()
              .map(
                  rows ->
                      CompletableFuture.runAsync(
                          () -> directory.table(names.get(rows - 1), numbers(rows), List.of())))
              .toList();
      tables.forEach(CompletableFuture::join);
      assertThat(directory.publish()).isEmpty();
    }
    assertThat(manifest().parts()).containsExactly("first", "second", "third");
    assertThat(manifest().rows()).isEqualTo(1);
    assertThat(manifest().rowsByPart())
        .containsExactly(Map.entry("first", 1L), Map.entry("second", 2L), Map.entry("third", 3L));
    assertThat(findings()).isEmpty();
  }

  @Test
  void whatIsNotPublishedLeavesNothing() {
    try (ResultDirectory directory = begin(WriteMode.ERROR, "a")) {
      write(directory, 5, "");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aPartThatFailsLeavesTheOldDirectory() throws IOException {
    publish(WriteMode.ERROR, "a", 5, "old");
    EmbeddingColumns columns = new EmbeddingColumns("embedding");
    try (ResultDirectory directory = begin(WriteMode.OVERWRITE, "b")) {
      directory.file("page.html", "new");
      assertThatThrownBy(
              () ->
                  directory.table(
                      "first",
                      TableWriterTest.withFailures(10, 1),
                      List.of(StatusColumn.of(columns))))
          .isInstanceOf(TooManyFailuresException.class);
    }
    assertThat(manifest().runId()).isEqualTo("a");
    assertThat(target.resolve("page.html")).hasContent("old");
    assertThat(FakeTable.visible(folder)).containsExactly("result");
    assertThat(findings()).isEmpty();
  }

  @Test
  void overwritingReplacesAllParts() throws IOException {
    publish(WriteMode.ERROR, "a", 5, "old");
    assertThatThrownBy(() -> begin(WriteMode.ERROR, "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exists; choose another output or --mode overwrite");
    try (ResultDirectory directory = begin(WriteMode.OVERWRITE, "b")) {
      directory.table("first", numbers(3), List.of());
      assertThat(directory.publish()).isEmpty();
    }
    assertThat(FakeTable.visible(target)).containsExactly(RunManifest.FILE, "first");
    assertThat(manifest().rows()).isEqualTo(3);
    assertThat(FakeTable.visible(folder)).containsExactly("result");
  }

  @Test
  void aDirectoryWithAForeignFileIsNotOverwritten() throws IOException {
    publish(WriteMode.ERROR, "a", 5, "old");
    Files.writeString(target.resolve("diary.txt"), "mine");
    assertThatThrownBy(() -> begin(WriteMode.OVERWRITE, "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot overwrite file:%s: it is not a Parquet table, found diary.txt", target);
    assertThat(target.resolve("diary.txt")).hasContent("mine");
    assertThat(target.resolve("page.html")).hasContent("old");
  }

  @Test
  void aSecondWriterIsRefused() throws IOException {
    try (ResultDirectory directory = begin(WriteMode.OVERWRITE, "a")) {
      assertThatThrownBy(() -> begin(WriteMode.OVERWRITE, "b"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another run is writing it");
      write(directory, 5, "");
      assertThat(directory.publish()).isEmpty();
    }
    assertThat(manifest().runId()).isEqualTo("a");
    assertThat(FakeTable.visible(folder)).containsExactly("result");
  }
}
