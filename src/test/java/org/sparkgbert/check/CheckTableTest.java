package org.sparkgbert.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.Silently;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.KeepOld;
import org.sparkgbert.lake.ResultDirectory;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.settings.Settings;

/** Directories of several tables. */
class CheckTableTest {
  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void publish() {
    target = folder.resolve("result");
    TableTarget table =
        new TableTarget(target.toString(), "parquet", WriteMode.ERROR, KeepOld.NONE, List.of(), 0);
    RunInfo run =
        RunInfo.begin(new RunManifest.Input(List.of("corpus"), "parquet", ""), "tiny-bert");
    try (ResultDirectory directory = ResultDirectory.begin(spark, table, run)) {
      directory.table("first", numbers(5), List.of());
      directory.table("second", numbers(2), List.of());
      directory.file("page.html", "page");
      assertThat(directory.publish()).isEmpty();
    }
  }

  /** Numbers that say what they were computed of. */
  private Dataset<Row> numbers(int rows) {
    return spark
        .range(0, rows, 1, 1)
        .selectExpr("id", "CAST(id AS FLOAT) AS size")
        .withMetadata("size", new DerivedProvenance("size", List.of()).toMetadata());
  }

  private List<String> findings() {
    return check(Progress.NONE).lines();
  }

  private Findings check(Progress progress) {
    CheckTable action = new CheckTable(new CheckSettings(target.toString(), "", 0));
    return Silently.run(() -> action.run(spark, progress));
  }

  @Test
  void stagesHaveNames() {
    List<String> stages = new ArrayList<>();
    check(
        new Progress() {
          @Override
          public void begin(String stage) {
            stages.add(stage);
          }
        });
    assertThat(stages)
        .containsExactly(
            "compare files of first",
            "compare rows of first",
            "compare files of second",
            "compare rows of second");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new CheckSettings("table", "", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --sample must be at least 0, found -1");
    assertThatThrownBy(() -> CheckSettings.of(Settings.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: TABLE must be given");
  }

  private Path dataFile(String part) throws IOException {
    try (Stream<Path> files = Files.list(target.resolve(part))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  @Test
  void aCheckLooksIntoEachPart() throws IOException {
    assertThat(check(Progress.NONE))
        .as("rows of the first")
        .isEqualTo(new Findings(5, 2, 0, List.of()));

    Path file = dataFile("second");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 4;
    Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, bytes);
    Files.delete(target.resolve("page.html"));
    assertThat(findings())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("second: file " + file.getFileName() + ": "))
        .contains("page.html: missing");
  }

  @Test
  void aPartWithoutItsManifestIsFound() throws IOException {
    Files.delete(target.resolve("first").resolve(RunManifest.FILE));
    assertThat(findings()).containsExactly("first: _embedding_run.json is missing");
  }
}
