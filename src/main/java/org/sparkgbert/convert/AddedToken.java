package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.sparkgbert.convert.checkpoint.Quoted;

/**
 * A token that is found in a text before the tokenizer's model sees it.
 *
 * @param content its characters
 * @param singleWord whether it is found only as a whole word
 * @param stripLeft whether it takes the white space before it
 * @param stripRight whether it takes the white space behind it
 * @param normalized whether it is looked for in the normalized text, not in the raw one
 * @param special whether it is a special token
 */
record AddedToken(
    String content,
    boolean singleWord,
    boolean stripLeft,
    boolean stripRight,
    boolean normalized,
    boolean special) {
  private static final Set<String> KEYS =
      Set.of("__type", "content", "id", "lstrip", "normalized", "rstrip", "single_word", "special");

  /** A special token that is looked for in the raw text. */
  static AddedToken special(String content) {
    return new AddedToken(content, false, false, false, false, true);
  }

  /** The same token that takes the white space before it. */
  AddedToken strippingLeft() {
    return new AddedToken(content, singleWord, true, stripRight, normalized, special);
  }

  /** The same token, looked for in the normalized text. */
  AddedToken inNormalizedText() {
    return new AddedToken(content, singleWord, stripLeft, stripRight, true, special);
  }

  /** The same token as a special one. */
  AddedToken asSpecial() {
    return new AddedToken(content, singleWord, stripLeft, stripRight, normalized, true);
  }

  /**
   * Reads a token.
   *
   * @param file where it stands, for messages
   * @param key where in the file
   * @throws IllegalArgumentException if it is not an object with the known keys
   */
  static AddedToken read(String file, String key, JsonNode json) {
    if (!json.isObject() || !json.path("content").isTextual()) {
      throw new IllegalArgumentException(
          "Cannot read %s: %s must be a token with a content, found %s"
              .formatted(file, key, Quoted.line(json.toString())));
    }
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!KEYS.contains(name)) {
                throw new IllegalArgumentException(
                    "Cannot read %s: %s has the unknown key %s"
                        .formatted(file, key, Quoted.of(name)));
              }
            });
    boolean special = flag(file, key, json, "special", false);
    return new AddedToken(
        json.get("content").asText(),
        flag(file, key, json, "single_word", false),
        flag(file, key, json, "lstrip", false),
        flag(file, key, json, "rstrip", false),
        flag(file, key, json, "normalized", !special),
        special);
  }

  private static boolean flag(
      String file, String key, JsonNode json, String name, boolean otherwise) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new IllegalArgumentException(
          "Cannot read %s: %s of %s must be true or false, found %s"
              .formatted(file, name, key, Quoted.line(value.toString())));
    }
    return value.asBoolean(otherwise);
  }

  /** The token as {@code tokenizer.json} has it. */
  ObjectNode json(int id) {
    return CheckpointFiles.mapper()
        .createObjectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", singleWord)
        .put("lstrip", stripLeft)
        .put("rstrip", stripRight)
        .put("normalized", normalized)
        .put("special", special);
  }
}
