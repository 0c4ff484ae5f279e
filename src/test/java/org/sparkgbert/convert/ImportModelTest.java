package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.Silently;
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.settings.Settings;

/** Imports and verifies models as a Java program does. */
class ImportModelTest {
  private static final Path DENSE = TestCheckpoints.FOLDER.resolve("dense");

  @TempDir private Path folder;

  private final List<String> stages = new ArrayList<>();
  private final Progress progress =
      new Progress() {
        @Override
        public void begin(String stage) {
          stages.add(stage);
        }
      };

  private static Settings settings(Path source, Path output, Map<String, String> more) {
    Map<String, String> texts = new HashMap<>(more);
    texts.put("source", source.toString());
    texts.put("output", output.toString());
    return Settings.parse(texts, ImportOptions.ALL);
  }

  private Bundle imported() {
    Settings settings = settings(DENSE, folder.resolve("bundle"), Map.of());
    ImportModel action = new ImportModel(ImportSettings.of(settings));
    return Silently.run(() -> action.run(progress));
  }

  @Test
  void aCheckpointBecomesABundle() {
    Bundle bundle = imported();
    assertThat(bundle.manifest().name()).isEqualTo("dense");
    assertThat(bundle.manifest().dimension()).isEqualTo(24);
    assertThat(bundle.directory().getFileName()).hasToString("bundle");
    assertThat(stages).containsExactly("convert model");
  }

  @Test
  void int8AttentionInAnotherPrecisionIsRefused() {
    for (String precision : List.of("float32", "float16")) {
      for (String attention : List.of("always", "measured")) {
        Settings settings =
            settings(
                DENSE,
                folder.resolve("bundle"),
                Map.of("precision", precision, "int8-attention", attention));
        assertThatThrownBy(() -> ImportSettings.of(settings))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("--int8-attention requires --precision int8");
      }
    }
    assertThatThrownBy(
            () ->
                new ImportSettings(
                    "source",
                    folder.resolve("bundle"),
                    WriteMode.ERROR,
                    ElementType.FLOAT16,
                    Int8Attention.ALWAYS,
                    ImportRequest.Overrides.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot import model: attention is always int8 only in precision int8, found float16");
  }

  @Test
  void embeddingsThatAreZeroOrNotFiniteAreRefused() throws IOException {
    Path zero = checkpoint("zero");
    Int8ImportTest.multiply(zero.resolve("model.safetensors"), ".output.LayerNorm.weight", 0);
    Int8ImportTest.multiply(zero.resolve("model.safetensors"), ".output.LayerNorm.bias", 0);
    assertNotImported(
        zero,
        "Cannot import model: its embedding of 'Guten Morgen, wie geht es Ihnen?' is zero in all 8"
            + " dimensions");
    Path huge = checkpoint("huge");
    Int8ImportTest.multiply(huge.resolve("model.safetensors"), "LayerNorm.weight", 1e38f);
    assertNotImported(
        huge, "Cannot import model: it cannot encode 'Guten Morgen, wie geht es Ihnen?': ");
  }

  private Path checkpoint(String name) throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve(name));
    RandomCheckpoint.write(new RandomCheckpoint.Shape(1, 8, 2, 16, 600, 64), checkpoint);
    return checkpoint;
  }

  private void assertNotImported(Path checkpoint, String message) {
    for (String precision : List.of("float32", "int8")) {
      Settings settings =
          settings(checkpoint, folder.resolve("bundle"), Map.of("precision", precision));
      ImportModel action = new ImportModel(ImportSettings.of(settings));
      assertThatThrownBy(() -> Silently.run(() -> action.run(progress)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(message);
      assertThat(folder.resolve("bundle")).doesNotExist();
    }
  }

  @Test
  void aBundleInsideOfItsSourceIsRefused() throws IOException {
    Path source = TestCheckpoints.copy("dense", folder.resolve("source"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), source);
    assertNotWritten(source, source.resolve("bundle"), "lies in");
    assertNotWritten(source, source.resolve("1_Pooling/a/b"), "lies in");
    assertNotWritten(source, link.resolve("bundle"), "lies in");
    assertNotWritten(link, source.resolve("bundle"), "lies in");
    assertNotWritten(source, folder.resolve("other/../source/bundle"), "lies in");
    assertThat(source.resolve("bundle")).doesNotExist();
    assertThat(source.resolve(".bundle.publish")).doesNotExist();
  }

  @Test
  void aBundleThatHoldsItsSourceIsRefused() {
    Path bundle = imported().directory();
    assertNotWritten(bundle.resolve("model.onnx"), bundle, "holds");
    assertThat(bundle.resolve("model.onnx")).exists();
  }

  private void assertNotWritten(Path source, Path output, String relation) {
    Settings settings = settings(source, output, Map.of("mode", "overwrite"));
    ImportModel action = new ImportModel(ImportSettings.of(settings));
    assertThatThrownBy(() -> action.run(progress))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot write bundle: %s %s the input %s; choose another output",
            output, relation, source);
  }

  @Test
  void whatWasImportedIsVerified() {
    Path bundle = imported().directory();
    stages.clear();
    VerifySettings settings =
        new VerifySettings(bundle, Optional.of(DENSE.resolve("golden.jsonl")), 1);
    Verification found = Silently.run(() -> new VerifyModel(settings).run(progress));
    assertThat(found.holds()).isTrue();
    assertThat(found.alone().comparisons()).hasSize(48);
    assertThat(found.reference().orElseThrow().differingTokens()).isZero();
    assertThat(stages)
        .containsExactly("verify checksums", "encode sentences", "compare with reference");
  }

  @Test
  void withoutAReferenceABundleIsComparedWithItself() {
    VerifySettings settings = new VerifySettings(imported().directory(), Optional.empty(), 0);
    Verification found = Silently.run(() -> new VerifyModel(settings).run(Progress.NONE));
    assertThat(found.reference()).isEmpty();
    assertThat(found.holds()).isTrue();
  }

  @Test
  void threadsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new VerifySettings(DENSE, Optional.empty(), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --threads must be at least 0, found -1");
  }
}
