package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text and its embedding by another implementation.
 *
 * @param text the text, without a prompt
 * @param embedding {@code [dimension]}; owned, not copied
 * @param tokenIds its token ids after any truncation, if they were also written
 */
public record Reference(String text, double[] embedding, Optional<long[]> tokenIds) {

  /**
   * Reads JSON lines of {@code text}, {@code embedding} and optionally {@code token_ids}.
   *
   * @throws IllegalArgumentException if a line is invalid, with its number
   */
  public static List<Reference> read(Path file) {
    List<Reference> references = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank()) {
          references.add(parse(line, file, references.size() + 1));
        }
      }
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
    try {
      JsonNode json = JsonMapper.builder().build().readTree(line);
      if (!json.path("text").isTextual() || !json.path("embedding").isArray()) {
        throw new IllegalArgumentException(
            "Cannot read reference %s: line %d needs a text and an embedding"
                .formatted(file, number));
      }
      double[] embedding = new double[json.get("embedding").size()];
      for (int i = 0; i < embedding.length; i++) {
        embedding[i] = json.get("embedding").get(i).asDouble();
      }
      return new Reference(json.get("text").asText(), embedding, tokenIds(json.get("token_ids")));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot read reference %s: line %d is not JSON".formatted(file, number), e);
    }
  }

  private static Optional<long[]> tokenIds(JsonNode ids) {
    if (ids == null || !ids.isArray()) {
      return Optional.empty();
    }
    long[] values = new long[ids.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ids.get(i).asLong();
    }
    return Optional.of(values);
  }
}
