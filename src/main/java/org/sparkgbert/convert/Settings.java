package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * Values of a JSON object, checked for their type.
 *
 * @param file name of the file, for messages
 * @param values the object
 */
record Settings(String file, JsonNode values) {
  /**
   * @throws IllegalArgumentException if it is no object
   */
  Settings {
    if (!values.isObject()) {
      throw new IllegalArgumentException(
          "Cannot read %s: it must be an object, found %s".formatted(file, values.getNodeType()));
    }
  }

  private Optional<JsonNode> value(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isNull());
  }

  int integer(String key) {
    return optionalInteger(key).orElseThrow(() -> missing(key));
  }

  Optional<Integer> optionalInteger(String key) {
    return value(key).map(value -> require(key, "an integer", isInt(value), value).asInt());
  }

  private static boolean isInt(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt();
  }

  /** Hugging Face writes 1e30 where there is no limit. */
  Optional<Integer> optionalLimit(String key) {
    return value(key)
        .map(value -> require(key, "a number", value.isNumber(), value).asDouble())
        .filter(limit -> limit < Integer.MAX_VALUE)
        .map(Double::intValue);
  }

  double real(String key, double otherwise) {
    return value(key)
        .map(value -> require(key, "a number", value.isNumber(), value).asDouble())
        .orElse(otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    return optionalFlag(key).orElse(otherwise);
  }

  Optional<Boolean> optionalFlag(String key) {
    return value(key)
        .map(value -> require(key, "true or false", value.isBoolean(), value).asBoolean());
  }

  String text(String key, String otherwise) {
    return optionalText(key).orElse(otherwise);
  }

  Optional<String> optionalText(String key) {
    return value(key).map(value -> require(key, "a string", value.isTextual(), value).asText());
  }

  boolean has(String key) {
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
