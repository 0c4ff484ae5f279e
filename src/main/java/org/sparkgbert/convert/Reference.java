package org.sparkgbert.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A text and its embedding by another implementation.
 *
 * @param text the text, without a prompt
 * @param embedding {@code [dimension]}; owned, not copied
 * @param tokenIds its token ids after any truncation, if they were also written
 */
public record Reference(String text, double[] embedding, Optional<long[]> tokenIds) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads JSON lines of {@code text}, {@code embedding} and optionally {@code token_ids}; blank
   * lines are left out.
   *
   * @throws IllegalArgumentException if there is no such file, or a line is invalid, with its
   *     number
   */
  public static List<Reference> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "Cannot read reference %s: there is no such file".formatted(file));
    }
    List<Reference> references = new ArrayList<>();
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          references.add(parse(line, file, number));
        }
      }
    } catch (MalformedInputException e) {
      throw new IllegalArgumentException(
          "Cannot read reference %s: it is not UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read reference " + file + ": " + e, e);
    }
    if (references.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot read reference %s: it has no lines".formatted(file));
    }
    return references;
  }

  private static Reference parse(String line, Path file, int number) {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read reference %s: line %d is not JSON".formatted(file, number), e);
    }
    if (!json.path("text").isTextual()
        || !isArrayOf(JsonNode::isNumber, json.path("embedding"))
        || !(json.path("token_ids").isMissingNode()
            || isArrayOf(JsonNode::canConvertToLong, json.path("token_ids")))) {
      throw new IllegalArgumentException(
          "Cannot read reference %s: line %d needs a text, an embedding of numbers, and token_ids of integers or none"
              .formatted(file, number));
    }
    double[] embedding = new double[json.get("embedding").size()];
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] = json.get("embedding").get(i).asDouble();
    }
    return new Reference(json.get("text").asText(), embedding, tokenIds(json.get("token_ids")));
  }

  private static boolean isArrayOf(Predicate<JsonNode> element, JsonNode array) {
    for (JsonNode each : array) {
      if (!each.isNumber() || !element.test(each)) {
        return false;
      }
    }
    return array.isArray() && !array.isEmpty();
  }

  private static Optional<long[]> tokenIds(JsonNode ids) {
    if (ids == null) {
      return Optional.empty();
    }
    long[] values = new long[ids.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ids.get(i).asLong();
    }
    return Optional.of(values);
  }
}
