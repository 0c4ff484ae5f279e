package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.sparkgbert.convert.checkpoint.Quoted;

/**
 * The added tokens of a tokenizer, with the ids that Hugging Face tokenizers give them: that of the
 * same word in the model's vocabulary, else the next one behind all others.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class AddedTokens {
  private final Map<String, Integer> vocabulary;
  private final Map<String, AddedToken> tokens = new LinkedHashMap<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private int largest = -1;

  /**
   * @param vocabulary the model's words and their ids
   */
  AddedTokens(Map<String, Integer> vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** The words of a model as {@code tokenizer.json} has it. */
  static Map<String, Integer> vocabulary(JsonNode model) {
    Map<String, Integer> words = new LinkedHashMap<>();
    JsonNode stored = model.path("vocab");
    if (stored.isArray()) {
      for (int i = 0; i < stored.size(); i++) {
        words.putIfAbsent(stored.get(i).path(0).asText(), i);
      }
    } else {
      stored.properties().forEach(word -> words.put(word.getKey(), word.getValue().asInt()));
    }
    return words;
  }

  /** The id of a word, of the model or added. */
  OptionalInt id(String word) {
    Integer id = ids.getOrDefault(word, vocabulary.get(word));
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Whether the token is an added one. */
  boolean has(String word) {
    return ids.containsKey(word);
  }

  /** The id that a token has or would get. */
  int idOf(AddedToken token) {
    return id(token.content()).orElse(Math.max(largest + 1, vocabulary.size()));
  }

  /** Adds a token or changes how it is looked for. */
  void add(AddedToken token) {
    if (!token.content().isEmpty()) {
      int id = idOf(token);
      tokens.put(token.content(), token);
      ids.put(token.content(), id);
      largest = Math.max(largest, id);
    }
  }

  /**
   * Adds a token whose id is given.
   *
   * @param source where it is given, for messages
   * @throws IllegalArgumentException if it would get another id
   */
  void add(AddedToken token, int declared, String source) {
    if (!token.content().isEmpty() && idOf(token) != declared) {
      throw new IllegalArgumentException(
          "Cannot import model: %s gives %s the id %d, but with a vocabulary of %d it gets %d"
              .formatted(
                  source, Quoted.of(token.content()), declared, vocabulary.size(), idOf(token)));
    }
    add(token);
  }

  /** All of them, as {@code tokenizer.json} has them. */
  ArrayNode json() {
    ArrayNode array = CheckpointFiles.mapper().createArrayNode();
    tokens.forEach((content, token) -> array.add(token.json(ids.get(content))));
    return array;
  }
}
