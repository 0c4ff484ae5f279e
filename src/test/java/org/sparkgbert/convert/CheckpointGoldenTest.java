package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;

/** Imported checkpoints give the vectors and the token ids of sentence-transformers. */
class CheckpointGoldenTest {
  private static final double FLOAT32_TOLERANCE = 1e-5;
  private static final double FLOAT16_TOLERANCE = 2e-3;
  private static final double LEAST_COSINE = 0.99999;

  private static final Map<String, Bundle> FLOAT32_BUNDLES = new HashMap<>();

  @TempDir static Path folder;

  static List<String> checkpoints() throws IOException {
    return TestCheckpoints.names();
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void float32AgreesToTheFifthDecimal(String name) {
    List<Reference> golden = golden(name);
    float[][] found = encode(float32(name), golden);
    for (int row = 0; row < found.length; row++) {
      assertThat(largestDifference(golden.get(row), found[row])).isLessThan(FLOAT32_TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void paddingChangesNothing(String name) {
    List<Reference> golden = golden(name);
    float[][] found = encode(float32(name), golden, TestCheckpoints.paddingSettings());
    for (int row = 0; row < found.length; row++) {
      float[] alone = encode(float32(name), golden.subList(row, row + 1))[0];
      assertThat(found[row]).containsExactly(alone, within((float) FLOAT32_TOLERANCE));
    }
  }

  /** Without normalization, elements grow beyond 1, and what float16 rounds off with them. */
  @ParameterizedTest
  @MethodSource("checkpoints")
  void float16AgreesToTheSecondDecimalAndPointsTheSameWay(String name) {
    List<Reference> golden = golden(name);
    Path output = folder.resolve(name + "-float16");
    Path source = TestCheckpoints.FOLDER.resolve(name);
    Bundle bundle = TestCheckpoints.imported(source, output, ElementType.FLOAT16, Overrides.NONE);
    float[][] found = encode(bundle, golden);
    double tolerance = FLOAT16_TOLERANCE * Math.max(1, largestElement(golden));
    for (int row = 0; row < found.length; row++) {
      assertThat(largestDifference(golden.get(row), found[row])).isLessThan(tolerance);
      assertThat(cosine(golden.get(row), found[row])).isGreaterThan(LEAST_COSINE);
    }
    assertThat(bundle.manifest().precision()).isEqualTo("float16");
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void tokenIdsAreTheSame(String name) {
    Bundle bundle = float32(name);
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(
            bundle.tokenizer(),
            TinyModel.cleaner(),
            bundle.manifest().prompt(),
            bundle.manifest().maxSeqLength(),
            LongText.CUT)) {
      for (Reference golden : golden(name)) {
        assertThat(tokenizer.tokenize(golden.text()).sequences())
            .as(golden.text())
            .hasSize(1)
            .first()
            .isEqualTo(golden.tokenIds().orElseThrow());
      }
    }
  }

  /** An independent sum, with the tolerances of its own, agrees with what a user is told. */
  @ParameterizedTest
  @MethodSource("checkpoints")
  void theVerificationHolds(String name) {
    List<Reference> golden = golden(name);
    ModelVerification.Result result = ModelVerification.against(float32(name), golden, 1);
    assertThat(result.holds()).isTrue();
    assertThat(result.comparisons()).hasSameSizeAs(golden);
    assertThat(result.differingTokens()).isZero();
  }

  private static Bundle float32(String name) {
    return FLOAT32_BUNDLES.computeIfAbsent(
        name,
        key ->
            TestCheckpoints.imported(
                TestCheckpoints.FOLDER.resolve(key),
                folder.resolve(key),
                ElementType.FLOAT32,
                Overrides.NONE));
  }

  private static List<Reference> golden(String name) {
    List<Reference> golden =
        Reference.read(TestCheckpoints.FOLDER.resolve(name).resolve("golden.jsonl"));
    assertThat(golden).hasSize(11).extracting(Reference::tokenIds).allMatch(Optional::isPresent);
    return golden;
  }

  private static float[][] encode(Bundle bundle, List<Reference> golden) {
    return encode(bundle, golden, TinyModel.settings());
  }

  private static float[][] encode(Bundle bundle, List<Reference> golden, EncoderSettings settings) {
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, settings)) {
      return encoder.encode(golden.stream().map(Reference::text).toList());
    }
  }

  private static double largestElement(List<Reference> golden) {
    double largest = 0;
    for (Reference reference : golden) {
      for (double value : reference.embedding()) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  private static double largestDifference(Reference golden, float[] found) {
    assertThat(found).hasSize(golden.embedding().length);
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - golden.embedding()[i]));
    }
    return largest;
  }

  private static double cosine(Reference golden, float[] found) {
    double product = 0;
    double goldenSquares = 0;
    double foundSquares = 0;
    for (int i = 0; i < found.length; i++) {
      product += golden.embedding()[i] * found[i];
      goldenSquares += golden.embedding()[i] * golden.embedding()[i];
      foundSquares += (double) found[i] * found[i];
    }
    return product / Math.sqrt(goldenSquares * foundSquares);
  }
}
