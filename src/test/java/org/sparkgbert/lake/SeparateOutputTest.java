package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeparateOutputTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    for (String day : List.of("lake/day=1", "lake/day=2", "lake[1]", "other")) {
      FakeTable.write(folder.resolve(day), "a");
    }
    Files.createSymbolicLink(folder.resolve("link"), Path.of("lake"));
  }

  private void require(String output, String input, String format) {
    SeparateOutput.require(
        new TableTarget(
            folder.resolve(output).toString(),
            format,
            WriteMode.OVERWRITE,
            KeepOld.NONE,
            List.of(),
            0),
        List.of(folder.resolve("other").toString(), folder.resolve(input).toString()),
        HADOOP);
  }

  @ParameterizedTest
  @CsvSource({
    "lake, lake, is",
    "lake/, lake, is",
    "lake/../lake, lake, is",
    "link, lake, is",
    "lake, link, is",
    "lake, lake/day=1, holds",
    "link, lake/day=1, holds",
    "lake, lake/day=*, holds",
    "lake/day=2, lake/day=*, is",
    "lake/day=1, lake/day=1/part-0.parquet, holds",
    "lake/new, lake, lies in",
    "link/day=1/new, lake, lies in",
    "lake[1], lake[1], is",
    "other, lake, is"
  })
  void whatOverlapsIsRefused(String output, String input, String relation) {
    for (String format : List.of("parquet", "delta")) {
      assertThatThrownBy(() -> require(output, input, format))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "Cannot write table: %s %s the input file:"
                  .formatted(folder.resolve(output), relation))
          .hasMessageEndingWith("; choose another output");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lakeside, lake",
    "lake/day=3, lake/day=*",
    "lake/day=10, lake/day=1",
    "new, lake",
    "lake, nothing-*",
    "lake, nothing"
  })
  void whatIsApartIsNot(String output, String input) {
    assertThatCode(() -> require(output, input, "parquet")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "lake, lake/_embedding_run.json, lake/sub",
    "lake, lake/_embedding_run.json, lake/day=3/deep/sub",
    "lake, lake/_embedding_run.json, link/sub",
    "lake, lake/_delta_log/00000000000000000000.json, lake/sub",
    "lake, lake/metadata/v1.metadata.json, lake/data/sub"
  })
  void whatLiesInATableIsRefused(String table, String mark, String output) throws IOException {
    org.apache.hadoop.fs.Path written =
        new org.apache.hadoop.fs.Path(folder.resolve(output).toString());
    assertThatCode(() -> SeparateOutput.requireOutsideTables(Contents.TABLE, written, HADOOP))
        .doesNotThrowAnyException();
    Files.createDirectories(folder.resolve(mark).getParent());
    Files.writeString(folder.resolve(mark), "{}");
    assertThatThrownBy(() -> SeparateOutput.requireOutsideTables(Contents.TABLE, written, HADOOP))
        .hasMessage(
            "Cannot write table: %s lies in the table file:%s, which could not be read any more; choose another output"
                .formatted(written, folder.resolve(table)));
    org.apache.hadoop.fs.Path itself =
        new org.apache.hadoop.fs.Path(folder.resolve(table).toString());
    assertThatCode(() -> SeparateOutput.requireOutsideTables(Contents.TABLE, itself, HADOOP))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> SeparateOutput.requireOutsideTables("report", itself, HADOOP))
        .hasMessageStartingWith("Cannot write report: " + itself + " lies in the table ")
        .hasMessageEndingWith("; choose another place for it");
  }

  @Test
  void aTableOfTheCatalogIsKnownByItsName() {
    TableTarget news =
        new TableTarget("lake.news", "iceberg", WriteMode.OVERWRITE, KeepOld.NONE, List.of(), 0);
    assertThatThrownBy(() -> SeparateOutput.require(news, List.of("lake.news"), HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot write table: lake.news is the input; choose another output");
    assertThatCode(() -> SeparateOutput.require(news, List.of("lake.old", "a:b"), HADOOP))
        .doesNotThrowAnyException();
  }
}
