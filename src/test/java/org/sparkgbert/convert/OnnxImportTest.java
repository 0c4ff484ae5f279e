package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyGraph;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Architecture;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;

/** A ready ONNX file gets a head. Its token vectors come out of a table, so results are known. */
class OnnxImportTest {
  private static final String TEXT = "Der Zug fährt heute.";
  private static final Overrides MEAN = pooled(false, Pooling.MEAN);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeModel() throws IOException {
    Files.copy(
        TinyModel.DIRECTORY.resolve("tokenizer.json"), folder.resolve("tiny-tokenizer.json"));
    file = folder.resolve("tiny.onnx");
    Files.write(file, TinyOnnx.model().toByteArray());
  }

  @Test
  void eachPoolingIsThatOfTheFormula() {
    assertThat(embedding(imported(Overrides.NONE))).containsExactly(mean(), within(1e-5f));
    assertThat(embedding(imported(pooled(false, Pooling.CLS))))
        .containsExactly(TinyOnnx.vector(ids()[0]));
    assertThat(embedding(imported(pooled(false, Pooling.MAX)))).containsExactly(max());
    float[] both = embedding(imported(pooled(false, Pooling.MEAN, Pooling.CLS)));
    assertThat(both).hasSize(6).startsWith(TinyOnnx.vector(ids()[0]));
  }

  @Test
  void normalizedItHasUnitLength() {
    float[] found = embedding(imported(pooled(true, Pooling.MEAN)));
    float[] mean = mean();
    double norm = Math.sqrt(mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2]);
    for (int i = 0; i < mean.length; i++) {
      assertThat(found[i]).isCloseTo((float) (mean[i] / norm), within(1e-6f));
    }
  }

  @Test
  void theManifestSaysWhatWasAskedFor() {
    Overrides overrides =
        new Overrides(
            Optional.of("query: "),
            Optional.of(9),
            Optional.empty(),
            List.of(Pooling.CLS, Pooling.MEAN),
            true);
    Bundle bundle = imported(overrides);
    assertThat(bundle.manifest().pooling()).isEqualTo("cls+mean");
    assertThat(bundle.manifest().normalize()).isTrue();
    assertThat(bundle.manifest().prompt()).isEqualTo("query: ");
    assertThat(bundle.manifest().maxSeqLength()).isEqualTo(9);
    assertThat(bundle.manifest().dimension()).isEqualTo(6);
    assertThat(bundle.manifest().opset()).isEqualTo(17);
    assertThat(bundle.manifest().notes()).isEmpty();
    assertThat(bundle.manifest().architecture())
        .isEqualTo(new Architecture("onnx", 0, 3, 0, TinyOnnx.VOCABULARY));
  }

  @Test
  void withoutAWordOnItsLimitItIsNoted() {
    Bundle bundle = imported(MEAN);
    assertThat(bundle.manifest().maxSeqLength()).isEqualTo(512);
    assertThat(bundle.manifest().notes()).containsExactly("no max_seq_length: 512");
  }

  @Test
  void theTokenizersLimitIsTheModels() {
    TestCheckpoints.edit(
        folder.resolve("tokenizer_config.json"), json -> json.put("model_max_length", 33));
    assertThat(imported(MEAN).manifest().maxSeqLength()).isEqualTo(33);
    assertRefused(
        limited(34), "Cannot import model: max_seq_length must be from 1 to 33, found 34");
  }

  @Test
  void aLimitBelowOneIsRefused() {
    assertRefused(
        limited(0), "Cannot import model: max_seq_length must be from 1 to 2147483647, found 0");
  }

  @Test
  void theTokenizerIsTheModelsOwnOrTheUsualOrTheGivenOne() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "[]");
    assertThat(imported(MEAN).tokenizer()).isNotEmptyFile();
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("a.json");
    Files.move(folder.resolve("tiny-tokenizer.json"), elsewhere);
    assertRefused(
        MEAN, "Cannot read %s: it must be an object".formatted(folder.resolve("tokenizer.json")));
    Overrides given =
        new Overrides(Optional.empty(), Optional.empty(), Optional.of(elsewhere), List.of(), false);
    assertThat(embedding(imported(given))).containsExactly(mean(), within(1e-5f));
    Files.delete(folder.resolve("tokenizer.json"));
    assertRefused(MEAN, "Cannot import model: there is no " + folder.resolve("tokenizer.json"));
  }

  @Test
  void whatIsNoOnnxFileIsRefused() throws IOException {
    Files.writeString(file, "Das ist kein Modell.");
    assertThatThrownBy(() -> imported(MEAN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot import %s: it is not an ONNX file, ".formatted(file));
    Files.write(file, new byte[0]);
    assertRefused(
        MEAN,
        "Cannot import model: it needs an output of float token vectors [rows, tokens, hidden],"
            + " found []");
  }

  @Test
  void aGraphWithoutTokenVectorsIsRefusedAndItsOutputsListed() throws IOException {
    ModelProto pooled =
        TinyOnnx.inputs()
            .output("pooled", TinyGraph.FLOAT, "rows", 3)
            .output("ids", TinyGraph.INT64, "rows", "tokens", 3)
            .build();
    Files.write(file, pooled.toByteArray());
    assertRefused(
        MEAN,
        "Cannot import model: it needs an output of float token vectors [rows, tokens, hidden],"
            + " found [pooled, ids]");
    ModelProto unsaid =
        TinyOnnx.inputs().output("hidden", TinyGraph.FLOAT, "rows", "tokens", "width").build();
    Files.write(file, unsaid.toByteArray());
    assertRefused(
        MEAN, "Cannot import model: output hidden must state its hidden size, found 'width'");
  }

  @Test
  void anotherPrecisionIsRefused() {
    assertThatThrownBy(
            () ->
                TestCheckpoints.imported(file, folder.resolve("bundle"), ElementType.FLOAT16, MEAN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot import tiny: an ONNX file keeps its precision, found precision float16");
  }

  private static Overrides pooled(boolean normalize, Pooling... modes) {
    return new Overrides(
        Optional.empty(), Optional.empty(), Optional.empty(), List.of(modes), normalize);
  }

  private static Overrides limited(int tokens) {
    return new Overrides(Optional.empty(), Optional.of(tokens), Optional.empty(), List.of(), false);
  }

  private Bundle imported(Overrides overrides) {
    return TestCheckpoints.imported(file, folder.resolve("bundle"), ElementType.FLOAT32, overrides);
  }

  private void assertRefused(Overrides overrides, String message) {
    assertThatThrownBy(() -> imported(overrides))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static float[] embedding(Bundle bundle) {
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, TinyModel.settings())) {
      return encoder.encode(List.of(TEXT))[0];
    }
  }

  private static long[] ids() {
    Path tokenizer = TinyModel.DIRECTORY.resolve("tokenizer.json");
    try (SentenceTokenizer opened =
        SentenceTokenizer.open(tokenizer, TinyModel.cleaner(), "", 32, LongText.CUT)) {
      return opened.tokenize(TEXT).sequences().get(0);
    }
  }

  private static float[] mean() {
    float[] sum = new float[3];
    for (long id : ids()) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += TinyOnnx.vector(id)[i] / ids().length;
      }
    }
    return sum;
  }

  private static float[] max() {
    float[] max = TinyOnnx.vector(ids()[0]).clone();
    for (long id : ids()) {
      for (int i = 0; i < max.length; i++) {
        max[i] = Math.max(max[i], TinyOnnx.vector(id)[i]);
      }
    }
    return max;
  }
}
