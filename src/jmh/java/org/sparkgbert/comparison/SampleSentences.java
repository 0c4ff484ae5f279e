package org.sparkgbert.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The German sentences of the sample pairs. */
public final class SampleSentences {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SampleSentences() {}

  /** The distinct ones, in the order of the file. */
  public static List<String> read() {
    var file = SampleSentences.class.getResourceAsStream("/org/sparkgbert/sample/pairs.jsonl");
    try (var reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return reader.lines().flatMap(SampleSentences::sentences).distinct().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the sample pairs", e);
    }
  }

  private static Stream<String> sentences(String line) {
    try {
      JsonNode pair = JSON.readTree(line);
      return Stream.of(pair.get("sentence1").asText(), pair.get("sentence2").asText());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a sample pair", e);
    }
  }
}
