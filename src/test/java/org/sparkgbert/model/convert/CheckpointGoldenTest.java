package org.sparkgbert.model.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkgbert.encode.DeviceSettings;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.convert.graph.ElementType;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.UnicodeForm;

/** Imported checkpoints give the vectors of sentence-transformers. */
class CheckpointGoldenTest {
  static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");

  @TempDir Path folder;

  static List<String> checkpoints() throws IOException {
    try (Stream<Path> folders = Files.list(CHECKPOINTS)) {
      return folders
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void float32AgreesToTheFifthDecimal(String name) throws IOException {
    assertThat(largestDifference(name, ElementType.FLOAT32)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void float16AgreesToTheSecondDecimal(String name) throws IOException {
    assertThat(largestDifference(name, ElementType.FLOAT16)).isLessThan(2e-3);
  }

  private double largestDifference(String name, ElementType precision) throws IOException {
    Bundle bundle = importCheckpoint(name, precision);
    List<String> texts = new ArrayList<>();
    List<JsonNode> expected = new ArrayList<>();
    for (String line : Files.readAllLines(CHECKPOINTS.resolve(name).resolve("golden.jsonl"))) {
      JsonNode golden = JsonMapper.builder().build().readTree(line);
      texts.add(golden.get("text").asText());
      expected.add(golden.get("embedding"));
    }
    double largest = 0;
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, asTheReferenceReads())) {
      float[][] found = encoder.encode(texts);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).hasSize(expected.get(i).size());
        for (int d = 0; d < found[i].length; d++) {
          largest = Math.max(largest, Math.abs(found[i][d] - expected.get(i).get(d).asDouble()));
        }
      }
    }
    return largest;
  }

  private static EncoderSettings asTheReferenceReads() {
    return new EncoderSettings(
        new TextCleaner(UnicodeForm.NONE, 100_000),
        0,
        LongText.CUT,
        512,
        64,
        1 << 20,
        true,
        DeviceSettings.cpu(1));
  }

  private Bundle importCheckpoint(String name, ElementType precision) {
    return ModelImporter.run(
        new ImportRequest(
            new ImportRequest.Origin(CHECKPOINTS.resolve(name), name, "test", "1", ""),
            folder.resolve(name),
            precision,
            ImportRequest.Overrides.NONE));
  }
}
