package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.FullSize;
import org.sparkgbert.StsPairs;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceSettings;

/** Models as people have them, from their files to a score. */
@Tag("long")
class FullSizeIT {
  private static final String BERT = "sparkgbert.multilingual-bert";
  private static final String LARGE_INT8 = "sparkgbert.large-int8";
  private static final String BERT_REFERENCE = "sparkgbert.multilingual-bert-reference";
  private static final String MINI_LM = "sparkgbert.minilm";
  private static final String MINI_LM_NAME = "all-minilm-l6-v2";
  private static final String MINI_LM_JAR =
      "dev/langchain4j/langchain4j-embeddings-%1$s/0.36.2/langchain4j-embeddings-%1$s-0.36.2.jar"
          .formatted(MINI_LM_NAME);
  private static final int PARAGRAPHS = 25;
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  @TempDir private Path folder;

  /** Its reference is an independent forward pass: {@code src/test/python}. */
  @Test
  void multilingualBertAgreesWithItsReference() {
    Path checkpoint = FullSize.require(BERT);
    Path reference = FullSize.require(BERT_REFERENCE);
    Bundle bundle = importModel(checkpoint, ElementType.FLOAT32, Overrides.NONE);
    ModelVerification.Result result =
        ModelVerification.against(bundle, Reference.read(reference), CORES);
    assertThat(result.comparisons()).isNotEmpty();
    assertThat(result.holds())
        .as("%s, tolerance %s", result.comparisons().get(0), result.tolerance())
        .isTrue();
  }

  @Test
  void multilingualBertScoresOnGermanSentencePairs() throws IOException {
    Path checkpoint = FullSize.require(BERT);
    StsPairs pairs = pairs();
    Bundle bundle = importModel(checkpoint, ElementType.FLOAT32, Overrides.NONE);
    assertThat(spearman(bundle, pairs)).isCloseTo(0.5137, within(1e-3));
  }

  /** What int8 loses of a real model. */
  @Test
  void multilingualBertInInt8StaysCloseToFloat32() throws IOException {
    Path checkpoint = FullSize.require(BERT);
    StsPairs pairs = pairs();
    Bundle exact = importModel(checkpoint, ElementType.FLOAT32, Overrides.NONE);
    Bundle rounded =
        importModel(checkpoint, folder.resolve("int8"), ElementType.INT8, Overrides.NONE);
    try (SentenceEncoder float32 = open(exact);
        SentenceEncoder int8 = open(rounded)) {
      List<String> sentences = pairs.sentences();
      double[] cosines = cosines(float32, int8, sentences);
      double mean = Arrays.stream(cosines).average().orElseThrow();
      double worst = Arrays.stream(cosines).min().orElseThrow();
      double change = pairs.spearman(int8) - pairs.spearman(float32);
      System.out.printf("int8: mean %.5f, worst %.4f, Spearman %+.4f%n", mean, worst, change);
      assertThat(mean).isGreaterThanOrEqualTo(0.998);
      assertThat(worst).isGreaterThanOrEqualTo(0.98);
      assertThat(change).isBetween(-0.003, 0.003);
      requireCloseParagraphs(float32, int8, sentences);
    }
  }

  /** 2 to 20 consecutive sentences of a data set that no import reads. */
  private static void requireCloseParagraphs(
      SentenceEncoder float32, SentenceEncoder int8, List<String> sentences) {
    for (int together = 2; together <= 20; together++) {
      List<String> paragraphs = new ArrayList<>();
      for (int i = 0; i < PARAGRAPHS; i++) {
        int from = (i * (sentences.size() - together)) / PARAGRAPHS;
        paragraphs.add(String.join(" ", sentences.subList(from, from + together)));
      }
      double[] cosines = cosines(float32, int8, paragraphs);
      double mean = Arrays.stream(cosines).average().orElseThrow();
      double worst = Arrays.stream(cosines).min().orElseThrow();
      System.out.printf("int8, %d sentences: mean %.5f, worst %.4f%n", together, mean, worst);
      assertThat(mean).as("mean of %d sentences", together).isGreaterThanOrEqualTo(0.998);
      assertThat(worst).as("worst of %d sentences", together).isGreaterThanOrEqualTo(0.98);
    }
  }

  private static double[] cosines(SentenceEncoder one, SentenceEncoder other, List<String> texts) {
    float[][] first = one.encode(texts);
    float[][] second = other.encode(texts);
    return IntStream.range(0, texts.size())
        .mapToDouble(i -> StsPairs.cosine(first[i], second[i]))
        .toArray();
  }

  /** An ONNX file of somebody else. Unit length changes no cosine. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void miniLmScoresOnGermanSentencePairs(boolean normalize) throws IOException {
    StsPairs pairs = pairs();
    unpack(miniLmJar(), List.of(MINI_LM_NAME + ".onnx", MINI_LM_NAME + "-tokenizer.json"));
    Overrides overrides =
        new Overrides(
            Optional.empty(), Optional.empty(), Optional.empty(), List.of(Pooling.MEAN), normalize);
    Bundle bundle =
        importModel(folder.resolve(MINI_LM_NAME + ".onnx"), ElementType.FLOAT32, overrides);
    assertThat(bundle.manifest().normalize()).isEqualTo(normalize);
    assertThat(spearman(bundle, pairs)).isCloseTo(0.6240, within(5e-4));
  }

  /** 1.3 GB of weights through a heap of 1 GB. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void gbertLargesShapeImportsInOneGigabyteOfHeap(ElementType precision)
      throws IOException, InterruptedException {
    // It takes minutes to measure what int8 loses at this size.
    if (precision == ElementType.INT8 && System.getProperty(LARGE_INT8) == null) {
      FullSize.skip("no -D%s=true".formatted(LARGE_INT8));
    }
    RandomCheckpoint.Shape shape = RandomCheckpoint.Shape.GBERT_LARGE;
    Path checkpoint = folder.resolve("gbert-large");
    Path output = folder.resolve("bundle");
    RandomCheckpoint.write(shape, checkpoint);
    ChildProcess.Outcome outcome =
        ChildProcess.run(
            List.of(
                "jobs/import-model.sh",
                checkpoint.toString(),
                "--output",
                output.toString(),
                "--precision",
                precision.name()),
            "-Xmx1g");
    System.out.printf("gBERT-large's shape in %s: %s%n", precision, outcome);
    assertThat(outcome.code()).as(outcome.output()).isZero();
    try (SentenceEncoder encoder = open(Bundle.open(output))) {
      float[][] vectors = encoder.encode(List.of("Guten Morgen!", "Das Wetter in Köln."));
      assertThat(vectors[0]).hasSize(shape.hidden()).isNotEqualTo(vectors[1]);
    }
  }

  private static StsPairs pairs() throws IOException {
    return StsPairs.read(FullSize.require(FullSize.STSB).resolve("test.csv"));
  }

  private Bundle importModel(Path source, ElementType precision, Overrides overrides) {
    return importModel(source, folder.resolve("bundle"), precision, overrides);
  }

  private static Bundle importModel(
      Path source, Path output, ElementType precision, Overrides overrides) {
    ImportRequest.Origin origin = new ImportRequest.Origin(source, "full-size", "test", "1", "");
    return ModelImporter.run(
        new ImportRequest(origin, output, precision, overrides), WriteMode.OVERWRITE);
  }

  private static SentenceEncoder open(Bundle bundle) {
    return SentenceEncoder.open(bundle, EncoderSettings.on(DeviceSettings.cpu(CORES)));
  }

  private static double spearman(Bundle bundle, StsPairs pairs) {
    try (SentenceEncoder encoder = open(bundle)) {
      double found = pairs.spearman(encoder);
      System.out.printf("%d dimensions: %.4f%n", bundle.manifest().dimension(), found);
      return found;
    }
  }

  /** The jar that is named, or the one that Maven has. */
  private static Path miniLmJar() {
    if (System.getProperty(MINI_LM) != null) {
      return FullSize.require(MINI_LM);
    }
    Path usual = Path.of(System.getProperty("user.home"), ".m2", "repository");
    Path jar =
        Path.of(System.getProperty("maven.repo.local", usual.toString())).resolve(MINI_LM_JAR);
    if (!Files.exists(jar)) {
      FullSize.skip("no -D%s=JAR and no %s".formatted(MINI_LM, jar));
    }
    return jar;
  }

  private void unpack(Path jar, List<String> names) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (String name : names) {
        try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
          Files.copy(in, folder.resolve(name));
        }
      }
    }
  }
}
