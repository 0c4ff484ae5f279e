package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkgbert.convert.ImportRequest.Origin;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.model.Architecture;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.model.Version;

/** What an import writes down of a checkpoint. */
class ImportedManifestTest {
  private static final String NO_LIMIT = "no max_seq_length: that of tokenizer and position table";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "bert-cased-vocab, mean, false, 32, 40",
    "bert-uncased, mean, true, 32, 40",
    "bert-plain-hf, mean, false, 32, 32",
    "pooling-cls, cls, false, 16, 40",
    "pooling-max, max, false, 16, 40",
    "pooling-mean-sqrt-len, mean_sqrt_len, false, 16, 40",
    "pooling-cls-mean, cls+mean, false, 32, 40",
    "pooling-mean-max, max+mean, false, 32, 40",
    "dense, mean, true, 24, 40",
    "dense-identity, mean, false, 20, 40",
    "xlmr-unigram, mean, true, 32, 40",
    "old-revision, mean, false, 16, 24",
    "dot-similarity, mean, false, 16, 16",
    "distilbert-plain-hf, mean, false, 32, 40",
    "distilbert-dense, mean, false, 24, 36",
    "electra, mean, false, 32, 40",
    "electra-small, mean, false, 32, 40",
    "roberta, cls, false, 32, 40",
    "camembert, mean, false, 32, 40",
    "mpnet, mean, true, 32, 40",
    "modernbert, mean, false, 32, 40",
    "modernbert-biases, mean, false, 32, 40",
  })
  void theManifestSaysWhatTheFilesSay(
      String name, String pooling, boolean normalize, int dimension, int maxSeqLength) {
    BundleManifest manifest = manifestOf(TestCheckpoints.FOLDER.resolve(name), Overrides.NONE);
    assertThat(manifest.pooling()).isEqualTo(pooling);
    assertThat(manifest.normalize()).isEqualTo(normalize);
    assertThat(manifest.dimension()).isEqualTo(dimension);
    assertThat(manifest.maxSeqLength()).isEqualTo(maxSeqLength);
    assertThat(manifest.prompt()).isEqualTo(name.equals("xlmr-unigram") ? "query: " : "");
    assertThat(manifest.precision()).isEqualTo("float32");
    assertThat(manifest.toolVersion()).isEqualTo(Version.CURRENT);
  }

  @Test
  void theArchitectureIsThatOfTheConfig() {
    assertThat(manifestOf(TestCheckpoints.FOLDER.resolve("dense"), Overrides.NONE).architecture())
        .isEqualTo(new Architecture("bert", 2, 32, 4, 189));
    assertThat(
            manifestOf(TestCheckpoints.FOLDER.resolve("xlmr-unigram"), Overrides.NONE)
                .architecture())
        .isEqualTo(new Architecture("xlm-roberta", 2, 32, 4, 201));
    assertThat(
            manifestOf(TestCheckpoints.FOLDER.resolve("distilbert-dense"), Overrides.NONE)
                .architecture())
        .isEqualTo(new Architecture("distilbert", 2, 32, 4, 189));
  }

  static List<String> checkpoints() throws IOException {
    return TestCheckpoints.names();
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void headsOfPreTrainingAreLeftOutUnmentioned(String name) {
    assertThat(notes(name)).noneMatch(note -> note.startsWith("unknown tensors"));
  }

  @Test
  void whatWasTakenByDefaultIsNoted() {
    assertThat(notes("dot-similarity")).isEmpty();
    assertThat(notes("old-revision")).containsExactly("no 1_Pooling/config.json: mean pooling");
    assertThat(notes("bert-plain-hf"))
        .containsExactly("no modules.json: mean pooling, no normalization", NO_LIMIT);
    assertThat(notes("bert-cased-vocab")).containsExactly(NO_LIMIT);
  }

  @Test
  void tensorsThatNobodyKnowsAreNotedAndLeftOut() throws IOException {
    Path checkpoint = TestCheckpoints.copy("pooling-cls", folder.resolve("checkpoint"));
    TestWeights.rewrite(
        checkpoint, weights -> weights.floats("extra.weight", new long[] {2, 1}, 1, 2));
    assertThat(manifestOf(checkpoint, Overrides.NONE).notes())
        .contains("unknown tensors left out: extra.weight");
  }

  @Test
  void theLicenceIsThatOfTheCardUnlessTheSourceDeclaresOne() throws IOException {
    Path checkpoint = TestCheckpoints.copy("pooling-cls", folder.resolve("checkpoint"));
    assertThat(manifestOf(checkpoint, Overrides.NONE).licence()).isEmpty();
    Files.writeString(checkpoint.resolve("README.md"), "---\nlicense: mit\n---\n# Modell\n");
    assertThat(manifestOf(checkpoint, Overrides.NONE).licence()).isEqualTo("mit");
    Origin origin = new Origin(checkpoint, "a/b", "a/b", "1", "apache-2.0");
    Bundle bundle =
        ModelImporter.run(
            new ImportRequest(
                origin, folder.resolve("another"), ElementType.FLOAT32, Overrides.NONE));
    assertThat(bundle.manifest().licence()).isEqualTo("apache-2.0");
    assertThat(bundle.manifest().name()).isEqualTo("a/b");
    assertThat(bundle.manifest().description()).isEqualTo("Imported from a/b.");
  }

  @Test
  void overridesCountMoreThanTheFiles() {
    Overrides overrides =
        new Overrides(Optional.of("passage: "), Optional.of(7), Optional.empty(), List.of(), false);
    BundleManifest manifest = manifestOf(TestCheckpoints.FOLDER.resolve("xlmr-unigram"), overrides);
    assertThat(manifest.prompt()).isEqualTo("passage: ");
    assertThat(manifest.maxSeqLength()).isEqualTo(7);
  }

  private List<String> notes(String name) {
    return manifestOf(TestCheckpoints.FOLDER.resolve(name), Overrides.NONE).notes();
  }

  private BundleManifest manifestOf(Path checkpoint, Overrides overrides) {
    return TestCheckpoints.imported(
            checkpoint, folder.resolve("bundle"), ElementType.FLOAT32, overrides)
        .manifest();
  }

  @Test
  void aPromptOfQuestionsThatAllTextsHaveIsNotKept() {
    BundleManifest same =
        manifestOf(TestCheckpoints.FOLDER.resolve("xlmr-unigram"), Overrides.NONE);
    assertThat(same.queryPrompt()).isNull();
    assertThat(same.promptOfQuestions()).isEqualTo("query: ");
    assertThat(same.toJson()).doesNotContain("query_prompt");
  }

  @Test
  void aPromptOfQuestionsIsKeptIfItIsAnother() {
    Overrides passage =
        new Overrides(
            Optional.of("passage: "), Optional.empty(), Optional.empty(), List.of(), false);
    BundleManifest other = manifestOf(TestCheckpoints.FOLDER.resolve("xlmr-unigram"), passage);
    assertThat(other.prompt()).isEqualTo("passage: ");
    assertThat(other.promptOfQuestions()).isEqualTo("query: ");
    assertThat(BundleManifest.parse(other.toJson())).isEqualTo(other);
    assertThat(other.withQueryPrompt(null).identity()).isEqualTo(other.identity());
  }
}
