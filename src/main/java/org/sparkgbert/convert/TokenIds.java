package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The token ids that a {@code tokenizer.json} can give. */
final class TokenIds {
  private TokenIds() {}

  /**
   * Checks that each token has a row in the model's table of token embeddings.
   *
   * @param tokenizer the content of a {@code tokenizer.json}
   * @param rows rows of the table
   * @throws IllegalArgumentException if there are more ids than rows; the message has both numbers
   */
  static void requireAtMost(byte[] tokenizer, int rows) {
    long ids = 1 + largest(parsed(tokenizer));
    if (ids > rows) {
      throw new IllegalArgumentException(
          ("Cannot import model: its tokenizer must give at most as many ids as the model has token"
                  + " embeddings, found %d ids and %d embeddings; resize the model's embeddings or"
                  + " remove the tokens that were added")
              .formatted(ids, rows));
    }
  }

  private static JsonNode parsed(byte[] tokenizer) {
    try {
      return CheckpointFiles.mapper().readTree(tokenizer);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read tokenizer.json", e);
    }
  }

  private static long largest(JsonNode tokenizer) {
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    long largest = -1;
    if (vocabulary.isArray()) {
      largest = vocabulary.size() - 1L;
    } else {
      for (JsonNode id : vocabulary) {
        largest = Math.max(largest, id.asLong());
      }
    }
    for (JsonNode added : tokenizer.path("added_tokens")) {
      largest = Math.max(largest, added.path("id").asLong());
    }
    return largest;
  }
}
