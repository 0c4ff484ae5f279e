package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.files.Directories;

/** Whole runs on a file system that fails. */
class TableWriterFaultTest {
  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void writeOldTable() throws IOException {
    spark.conf().set("fs.faulty.impl", FaultyFileSystem.class.getName());
    FaultyFileSystem.heal();
    target = FakeTable.write(folder.resolve("table"), "old");
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
    spark.conf().unset("fs.faulty.impl");
  }

  private WrittenTable write() {
    return TableWriter.write(
        TableWriterTest.withFailures(20, 0),
        List.of(StatusColumn.of(new EmbeddingColumns("embedding"))),
        new TableTarget(
            "faulty:" + target, "parquet", WriteMode.OVERWRITE, KeepOld.NONE, List.of(), 0),
        new RunInfo(
            "new", Instant.EPOCH, new RunManifest.Input(List.of(), "parquet", ""), "none", 0));
  }

  private void assertOnlyTheOldTable() throws IOException {
    assertThat(FakeTable.runOf(target)).isEqualTo("old");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void withoutFaultsTheTableIsPublishedWithAWarning() {
    WrittenTable written = write();
    assertThat(written.rows()).isEqualTo(20);
    assertThat(written.warning())
        .startsWith("A rename on faulty is not atomic")
        .contains("--output-format iceberg or delta");
    assertThat(spark.read().parquet("faulty:" + target).count()).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({"create, part-", "write, part-", "mkdirs, new-"})
  void aFullDiskUnderTheDataLeavesTheOldTable(String operation, String file) throws IOException {
    failAt(operation, file);
    assertThatThrownBy(this::write).hasStackTraceContaining("No space left on device");
    assertOnlyTheOldTable();
  }

  @ParameterizedTest
  @CsvSource({
    "create, claim-",
    "write, _embedding_run",
    "rename, table",
    "rename, new-",
    "mkdirs, .table"
  })
  void aFaultAroundTheDataIsToldInOneLine(String operation, String file) throws IOException {
    failAt(operation, file);
    assertThatThrownBy(this::write)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Cannot write table faulty:%s: No space left on device", target);
    assertOnlyTheOldTable();
  }

  @Test
  void aFileThatVanishedAfterItsTaskIsMissed() throws IOException {
    beforeSuccess(part -> Files.delete(part));
    assertThatThrownBy(this::write)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(
            "Cannot publish table faulty:%s: gone since tasks wrote them: 1 file with 10 rows,"
                    .formatted(target)
                + " among them part-.*");
    assertOnlyTheOldTable();
  }

  @Test
  void aFileOfAnotherWriterIsNoticed() throws IOException {
    beforeSuccess(part -> Files.copy(part, part.resolveSibling("part-9.parquet")));
    assertThatThrownBy(this::write)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot publish table faulty:%s: no task of this run wrote the file part-9.parquet",
            target);
    assertOnlyTheOldTable();
  }

  @Test
  void aFileWithOtherRowsIsNoticed() throws IOException {
    Path others = folder.resolveSibling(folder.getFileName() + "-others");
    spark.range(3).coalesce(1).write().parquet(others.toString());
    try (Stream<Path> files = Files.list(others)) {
      Path other = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().get();
      beforeSuccess(part -> Files.copy(other, part, StandardCopyOption.REPLACE_EXISTING));
    }
    assertThatThrownBy(this::write)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tasks wrote 10 rows to part-")
        .hasMessageEndingWith(", found 3");
    assertOnlyTheOldTable();
  }

  /** What a second writer does that takes a stopped one for dead. */
  @ParameterizedTest
  @CsvSource({"create, part-", "rename, attempt_", "create, _SUCCESS", "create, _embedding"})
  void aStagingThatWasClearedMeanwhileIsNotPublished(String operation, String file)
      throws IOException {
    AtomicInteger times = new AtomicInteger();
    FaultyFileSystem.follow(
        step -> {
          if (step.is(operation, file) && times.incrementAndGet() == 1) {
            Directories.delete(folder.resolve(".table.publish").resolve("new-new"));
          }
          return true;
        });
    assertThatThrownBy(this::write).isInstanceOf(Exception.class);
    assertThat(times).hasPositiveValue();
    assertOnlyTheOldTable();
  }

  /** A change that another process makes on a data file. */
  private interface Meddling {
    void with(Path part) throws IOException;
  }

  /** Meddles with one data file when all tasks are done. */
  private void beforeSuccess(Meddling meddling) {
    FaultyFileSystem.follow(
        step -> {
          if (step.is("create", "_SUCCESS")) {
            Path staging = folder.resolve(".table.publish").resolve("new-new");
            try (Stream<Path> files = Files.list(staging)) {
              meddling.with(
                  files
                      .filter(file -> file.getFileName().toString().startsWith("part-"))
                      .sorted()
                      .findFirst()
                      .orElseThrow());
            }
          }
          return true;
        });
  }

  private static void failAt(String operation, String file) {
    FaultyFileSystem.follow(
        step -> {
          if (step.is(operation, file)) {
            throw new IOException("No space left on device");
          }
          return true;
        });
  }
}
