package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;
import org.sparkgbert.TinyModel.Golden;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.vector.Similarity;

/** The default model, from its committed checkpoint to the bundles that the build makes. */
class DefaultBundleTest {
  /** What the vectors depend on: whoever changes it changes the vectors of all users. */
  private static final String IDENTITY =
      "7238bd6d9c89bd7622299deeb97fc975df1ab62428a86b78ca925293b7ed80d4";

  private static final String WEIGHTS = "model.q4.safetensors";
  private static final String INPUTS = "int8_inputs/model.safetensors";

  @TempDir Path folder;

  @Test
  void inFloat32ItGivesTheVectorsOfTheReference() {
    Bundle bundle = importDefault(ElementType.FLOAT32);
    List<Golden> golden = TinyModel.defaultModelGolden();
    float[][] vectors = encode(bundle);
    for (int i = 0; i < vectors.length; i++) {
      assertThat(vectors[i])
          .as(golden.get(i).text())
          .containsExactly(golden.get(i).embedding(), within(1e-5f));
    }
    assertThat(golden).hasSizeGreaterThan(30);
  }

  @Test
  void theBundlesOfTheBuildAreCloseToTheReference() {
    assertThat(worstCosine(Bundle.open(TinyModel.DEFAULT_MODEL))).isGreaterThan(0.999);
    assertThat(worstCosine(Bundle.open(TinyModel.DEFAULT_MODEL_GPU))).isGreaterThan(0.99999);
  }

  @Test
  void theManifestSaysWhatItIs() {
    BundleManifest manifest = Bundle.open(TinyModel.DEFAULT_MODEL).manifest();
    assertThat(manifest.name()).isEqualTo("multilingual-e5-small-de-en");
    assertThat(manifest.licence()).isEqualTo("MIT");
    assertThat(manifest.prompt()).isEqualTo("query: ");
    assertThat(manifest.pooling()).isEqualTo("mean");
    assertThat(manifest.normalize()).isTrue();
    assertThat(manifest.maxSeqLength()).isEqualTo(512);
    assertThat(manifest.dimension()).isEqualTo(384);
    assertThat(manifest.precision()).isEqualTo("int8");
    assertThat(manifest.architecture().vocabulary()).isBetween(30_000, 45_000);
  }

  @Test
  void theSameCheckpointMakesTheSameBundles() throws IOException {
    Bundle built = Bundle.open(TinyModel.DEFAULT_MODEL);
    DefaultBundle.main(
        new String[] {
          TinyModel.DEFAULT_CHECKPOINT.toString(),
          folder.resolve("models").toString(),
          built.manifest().toolVersion(),
          built.manifest().created()
        });
    Bundle again = Bundle.open(folder.resolve("models/default"));
    assertThat(again.checksum()).isEqualTo(built.checksum());
    assertThat(again.identity()).isEqualTo(built.identity()).isEqualTo(IDENTITY);
    assertThat(Bundle.open(folder.resolve("models/default-gpu")).checksum())
        .isEqualTo(Bundle.open(TinyModel.DEFAULT_MODEL_GPU).checksum());
  }

  @Test
  void withoutItsWeightsNothingIsMadeAndTheOldBundleStays() throws IOException {
    Path source = copyOfCheckpoint();
    Files.delete(source.resolve(WEIGHTS));
    assertRefusedAndOldStays(source, "Cannot open the weights of " + source);
  }

  @Test
  void damagedWeightsAreRefusedAndTheOldBundleStays() throws IOException {
    Path source = copyOfCheckpoint();
    byte[] weights = Files.readAllBytes(source.resolve(WEIGHTS));
    Files.write(source.resolve(WEIGHTS), Arrays.copyOf(weights, weights.length / 2));
    assertRefusedAndOldStays(source, "Cannot read " + source.resolve(WEIGHTS) + ": ");
  }

  @Test
  void missingObservationsAreRefusedAndTheOldBundleStays() throws IOException {
    Path source = copyOfCheckpoint();
    String inputs = Files.readString(source.resolve(INPUTS), StandardCharsets.ISO_8859_1);
    Files.writeString(
        source.resolve(INPUTS),
        inputs.replace("layer.3.intermediate.dense.least", "layer.3.intermediate.dense.other"),
        StandardCharsets.ISO_8859_1);
    assertRefusedAndOldStays(
        source,
        "Cannot write int8 graph: it needs observations of the input"
            + " encoder.layer.3.intermediate.dense of width 384, found none");
  }

  @Test
  void aVocabularyThatIsLongerThanTheTableIsRefused() throws IOException {
    Path source = copyOfCheckpoint();
    Path config = source.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config).replaceFirst("\"vocab_size\": \\d+", "\"vocab_size\": 999"));
    assertRefusedAndOldStays(source, "999");
  }

  @Test
  void itNeedsFourArguments() {
    assertThatThrownBy(() -> DefaultBundle.main(new String[] {"one"}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make the default bundle: it needs four arguments, found 1");
  }

  private Bundle importDefault(ElementType precision) {
    return ModelImporter.run(
        new ImportRequest(
            new ImportRequest.Origin(TinyModel.DEFAULT_CHECKPOINT, "default", "a test", "1", "MIT"),
            folder.resolve("imported"),
            precision,
            ImportRequest.Overrides.NONE));
  }

  private static float[][] encode(Bundle bundle) {
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, TinyModel.settings())) {
      return encoder.encode(TinyModel.defaultModelGolden().stream().map(Golden::text).toList());
    }
  }

  private static double worstCosine(Bundle bundle) {
    float[][] vectors = encode(bundle);
    double worst = 1;
    for (int i = 0; i < vectors.length; i++) {
      float[] expected = TinyModel.defaultModelGolden().get(i).embedding();
      worst = Math.min(worst, Similarity.COSINE.of(vectors[i], expected).getAsDouble());
    }
    return worst;
  }

  private void assertRefusedAndOldStays(Path source, String reason) throws IOException {
    Path models = Files.createDirectories(folder.resolve("models"));
    Path bundle = TinyModel.copyTo(models.resolve("default"));
    Files.delete(bundle.resolve("golden.jsonl"));
    Bundle old = Bundle.open(bundle);
    String[] arguments = {source.toString(), models.toString(), "0.1.0", "2026-11-23T00:00:00Z"};
    assertThatThrownBy(() -> DefaultBundle.main(arguments))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
    assertThat(Bundle.open(bundle).checksum()).isEqualTo(old.checksum());
  }

  private Path copyOfCheckpoint() throws IOException {
    Path copy = folder.resolve("checkpoint");
    try (Stream<Path> files = Files.walk(TinyModel.DEFAULT_CHECKPOINT)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(TinyModel.DEFAULT_CHECKPOINT.relativize(file)));
      }
    }
    return copy;
  }
}
