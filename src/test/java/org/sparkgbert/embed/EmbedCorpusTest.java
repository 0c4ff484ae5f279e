package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.Watched;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;

/** The action, as a Java program calls it. */
class EmbedCorpusTest {
  @TempDir private Path folder;

  private Settings settings() {
    TestSpark.texts(Arrays.asList("Guten Morgen!", null, "Wie wird das Wetter?"), 2)
        .write()
        .mode("overwrite")
        .parquet(folder.resolve("in").toString());
    return Settings.NONE
        .with(InputOptions.INPUT, List.of(folder.resolve("in").toString()))
        .with(OutputOptions.OUTPUT, folder.resolve("out").toString())
        .with(EmbedderOptions.MODEL, TinyBert.directory().toString())
        .with(DeviceOptions.DEVICE, DeviceChoice.CPU);
  }

  private static EmbedResult run(Settings settings) {
    return new EmbedCorpus(EmbedSettings.of(settings)).run(TestSpark.session(), Progress.NONE);
  }

  @Test
  void itWritesTheTableAndSaysWhatItDidWithoutPrinting() {
    SparkSession spark = TestSpark.session();
    Settings settings = settings();
    Watched<EmbedResult> watched = Watched.run(() -> run(settings));
    EmbedResult result = watched.result();
    assertThat(result.model().manifest().name()).isEqualTo("tiny-bert");
    assertThat(result.table().rows()).isEqualTo(3);
    assertThat(result.rowsByStatus()).isEqualTo(Map.of("empty", 1L, "ok", 2L));
    assertThat(result.work().rows()).isEqualTo(3);
    assertThat(result.took()).isPositive();
    Dataset<Row> table = spark.read().parquet(result.table().location());
    assertThat(table.columns())
        .containsExactly(
            "id", "text", "embedding", "embedding_status", "embedding_tokens", "embedding_error");
    assertThat(table.count()).isEqualTo(3);
  }

  @Test
  void jobsInTheSparkUiHaveTheNamesOfItsStages() {
    Settings settings = settings();
    assertThat(Watched.run(() -> run(settings)).descriptions())
        .contains("embed: encode and write texts")
        .allMatch(description -> description.startsWith("embed: "));
  }

  @Test
  void wrongInputIsAnExceptionInOneLine() {
    Settings settings = settings().with(EmbedOptions.TEXT_COLUMN, "body");
    assertThatThrownBy(() -> run(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot embed column 'body': there is no such column, found [id, text]");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
