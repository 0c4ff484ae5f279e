package org.sparkgbert.convert.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A JSON file of a checkpoint, whose values are checked for their type.
 *
 * @param file its name, for messages
 * @param values the object in it
 */
public record ConfigFile(String file, JsonNode values) {
  /**
   * @throws IllegalArgumentException if it is not an object
   */
  public ConfigFile {
    if (!values.isObject()) {
      throw new IllegalArgumentException(
          "Cannot read %s: it must be an object, found %s".formatted(file, values.getNodeType()));
    }
  }

  private Optional<JsonNode> value(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isNull());
  }

  public int integer(String key) {
    return optionalInteger(key).orElseThrow(() -> missing(key));
  }

  public Optional<Integer> optionalInteger(String key) {
    return value(key).map(value -> require(key, "an integer", isInt(value), value).asInt());
  }

  private static boolean isInt(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt();
  }

  /** Hugging Face writes 1e30 for no limit. */
  public Optional<Integer> optionalLimit(String key) {
    return value(key)
        .map(value -> require(key, "a number", value.isNumber(), value).asDouble())
        .filter(limit -> limit < Integer.MAX_VALUE)
        .map(Double::intValue);
  }

  public double real(String key, double otherwise) {
    return value(key)
        .map(value -> require(key, "a number", value.isNumber(), value).asDouble())
        .orElse(otherwise);
  }

  public boolean flag(String key, boolean otherwise) {
    return optionalFlag(key).orElse(otherwise);
  }

  public Optional<Boolean> optionalFlag(String key) {
    return value(key)
        .map(value -> require(key, "true or false", value.isBoolean(), value).asBoolean());
  }

  public String text(String key, String otherwise) {
    return optionalText(key).orElse(otherwise);
  }

  public Optional<String> optionalText(String key) {
    return value(key).map(value -> require(key, "a string", value.isTextual(), value).asText());
  }

  /** An object in this one, under a name that says where it is. */
  public Optional<ConfigFile> inside(String key) {
    return value(key).map(value -> new ConfigFile("%s, %s".formatted(file, key), value));
  }

  public boolean has(String key) {
    return value(key).isPresent();
  }

  private JsonNode require(String key, String type, boolean holds, JsonNode value) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Cannot read %s: %s must be %s, found %s".formatted(file, key, type, value));
    }
    return value;
  }

  private IllegalArgumentException missing(String key) {
    return new IllegalArgumentException("Cannot read %s: %s is missing".formatted(file, key));
  }
}
