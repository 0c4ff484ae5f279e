package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.ProductPrecision;

class BenchPartsTest {
  @TempDir private Path folder;

  @Test
  void aCorpusComesBackWithoutRepetitionsAndTextsWithoutTokens() {
    CorpusFiles.write(
        List.of(
            List.of(new CountedText("Grüße aus Köln", 3), new CountedText("", 0)),
            List.of(new CountedText("Guten Tag", 2), new CountedText("Grüße aus Köln", 3))),
        folder.resolve("corpus"));
    TextSource texts =
        CorpusTexts.read(
            folder.resolve("corpus").toString(),
            "text",
            text -> text.isEmpty() ? 0 : text.split(" ", -1).length,
            10);
    assertThat(texts.take(10))
        .containsExactly(new CountedText("Grüße aus Köln", 3), new CountedText("Guten Tag", 2));
    assertThat(texts.take(1)).isEmpty();
    assertThat(texts.sample()).contains(new CorpusSample(4, 4, 3, 8));
  }

  @Test
  void ofALargeCorpusTheFirstRowsStandForAll() {
    String corpus = folder.resolve("corpus").toString();
    List<CountedText> file =
        List.of(new CountedText("", 0), new CountedText("a", 1), new CountedText("bcd", 3));
    CorpusFiles.write(List.of(file, file, file, file), Path.of(corpus));
    CorpusSample sample =
        CorpusTexts.read(corpus, "text", String::length, 1).sample().orElseThrow();
    assertThat(sample).isEqualTo(new CorpusSample(12, 2, 1, 1));
    assertThat(sample.rowsWithText()).isEqualTo(6);
    assertThat(sample.allTokens()).isEqualTo(6);
  }

  @Test
  void aCorpusWithoutSuchAColumnIsRefused() {
    String corpus = folder.resolve("corpus").toString();
    CorpusFiles.write(List.of(List.of(new CountedText("Guten Tag", 2))), Path.of(corpus));
    for (String column : List.of("body", "id")) {
      assertThatThrownBy(() -> CorpusTexts.read(corpus, column, String::length, 10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot measure: %s needs a string column %s, found [id, text]"
                  .formatted(corpus, column));
    }
    assertThatThrownBy(() -> CorpusTexts.read(corpus, "text", text -> 0, 10))
        .hasMessage("Cannot measure: %s has no text in its column text".formatted(corpus));
  }

  @Test
  void whatAJobSaysOfItselfIsRead() throws IOException {
    Path summary = folder.resolve("summary.json");
    Files.writeString(
        summary,
        """
        {"tokens": 600, "first_batch_at": "2026-01-01T00:00:07.250Z",
         "last_row_at": "2026-01-01T00:00:10.250Z",
         "task_seconds": {"reading": 1, "tokenizing": 2, "batching": 3, "running": 4,
                          "copying": 5, "writing": 6}}
        """);
    JobPass pass =
        JobPass.read(summary, Instant.parse("2026-01-01T00:00:00Z"), 12, OptionalLong.of(5));
    assertThat(pass.tokensPerSecond()).isEqualTo(200);
    assertThat(pass.coldStartSeconds()).isEqualTo(7.25);
    assertThat(pass.stages()).isEqualTo(new JobRate.Stages(1, 2, 3, 4, 5, 6));
  }

  @Test
  void theMemoryOfAProcessIsItsHighWaterMark() throws IOException {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nVmHWM:\t    2048 kB\nVmRSS:\t 1024 kB\n");
    assertThat(ProcessMemory.peakBytes(status)).isEqualTo(2048 * 1024);
    assertThat(ProcessMemory.peakBytes(folder.resolve("none"))).isZero();
  }

  @Test
  void aProcessThatIsNotThereHasNoMemory() {
    assertThat(new ProcessMemory(ProcessHandle.current()).peakBytes()).isEmpty();
  }

  /** Half the operations at 1 and half at 3 a second take 2/3 of the time that all take at 1. */
  @Test
  void layersCountByWhatTheyMultiply() {
    DeviceSettings cpu = DeviceSettings.cpu(1);
    try (LayerProducts products =
        LayerProducts.open(new ModelShape(1, 8, 16), ProductPrecision.FLOAT32, cpu)) {
      assertThat(products.weighted(new double[] {1, 1, 3, 3})).isEqualTo(1.5, within(1e-9));
      List<double[]> passes = new ArrayList<>();
      passes.add(new double[] {1, 1, 3, 3});
      passes.add(new double[] {2, 2, 6, 6});
      Limit limit = products.limit(2, passes);
      assertThat(limit.gigaflops().median()).isEqualTo(2.25, within(1e-9));
      assertThat(limit.gigaflops().highest()).isEqualTo(3, within(1e-9));
      assertThat(limit.products()).extracting(Limit.Product::columns).containsExactly(24, 8, 16, 8);
      assertThat(products.measure(2, 1e-3)).hasSize(4).doesNotContain(0.0);
    }
  }
}
