package org.sparkgbert.convert.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Reads untrusted JSON: UTF-8 only, no duplicate keys, at most 8 levels, nothing after the end.
 * Values are checked when they are read, and error messages name them.
 */
final class StrictJson {
  private static final int MAX_TEXT = 1 << 16;
  private static final int MAX_TOKENS = 4_000_000;
  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(8)
                      .maxNumberLength(32)
                      .maxNameLength(MAX_TEXT)
                      .maxStringLength(MAX_TEXT)
                      .maxTokenCount(MAX_TOKENS)
                      .build())
              .build());

  private StrictJson() {}

  /**
   * Reads a document that consists of one object.
   *
   * @param what name of the document in messages
   * @return its fields in order
   * @throws IllegalArgumentException if it is not such a document, with the reason
   */
  static Set<Map.Entry<String, JsonNode>> read(byte[] utf8, String what) throws IOException {
    try (JsonParser parser =
        JSON.createParser(
            new InputStreamReader(
                new ByteArrayInputStream(utf8), StandardCharsets.UTF_8.newDecoder()))) {
      JsonNode document = JSON.readTree(parser);
      Set<Map.Entry<String, JsonNode>> fields = fields(document, what);
      if (parser.nextToken() != null) {
        throw wrong(what, "end after its object", parser.getText());
      }
      return fields;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is not valid JSON, found %s".formatted(what, Quoted.of(e.getOriginalMessage())), e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(what + " must be UTF-8, found other bytes", e);
    }
  }

  /** The fields of an object in order. */
  static Set<Map.Entry<String, JsonNode>> fields(JsonNode value, String what) {
    require(value != null && value.isObject(), what, "be an object", value);
    return value.properties();
  }

  /** The values of an array of integers. */
  static long[] integers(JsonNode value, String what, int most) {
    require(value.isArray(), what, "be an array", value);
    if (value.size() > most) {
      throw wrong(what, "have at most " + most + " entries", "more");
    }
    long[] integers = new long[value.size()];
    for (int i = 0; i < integers.length; i++) {
      require(value.get(i).isIntegralNumber(), what, "contain only integers", value.get(i));
      require(value.get(i).canConvertToLong(), what, "fit into 63 bits", value.get(i));
      integers[i] = value.get(i).longValue();
    }
    return integers;
  }

  /** The value of a string. */
  static String text(JsonNode value, String what) {
    require(value.isTextual(), what, "be a string", value);
    return value.textValue();
  }

  private static void require(boolean holds, String what, String rule, JsonNode value) {
    if (!holds) {
      throw wrong(what, rule, found(value));
    }
  }

  private static String found(JsonNode value) {
    if (value == null) {
      return "nothing";
    }
    return value.isContainerNode() ? value.asToken().asString() : value.asText();
  }

  private static IllegalArgumentException wrong(String what, String rule, String found) {
    return new IllegalArgumentException(
        "%s must %s, found %s".formatted(what, rule, Quoted.line(found)));
  }
}
