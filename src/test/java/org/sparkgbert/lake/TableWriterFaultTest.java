package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;

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
        new TableTarget("faulty:" + target, "parquet", WriteMode.OVERWRITE, List.of(), 0),
        new RunInfo("new", Instant.EPOCH, new RunManifest.Input(List.of(), "parquet", ""), "none"));
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
