package org.sparkgbert.convert.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON from strangers token by token: UTF-8 only, no key twice, at most 8 levels, nothing
 * after the end.
 */
final class StrictJson implements AutoCloseable {
  private static final int MAX_TEXT = 1 << 16;
  private static final int MAX_TOKENS = 4_000_000;
  private static final JsonFactory JSON =
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
          .build();

  /** Takes one field's value; the parser stands at its first token, and must end at its last. */
  @FunctionalInterface
  interface Field {
    void read(StrictJson json, String name) throws IOException;
  }

  private final JsonParser parser;

  private StrictJson(byte[] utf8) throws IOException {
    this.parser =
        JSON.createParser(
            new InputStreamReader(
                new ByteArrayInputStream(utf8), StandardCharsets.UTF_8.newDecoder()));
  }

  /**
   * Reads a document that is one object.
   *
   * @param what name of the document in messages
   * @throws IllegalArgumentException if it is no such document, with the reason
   */
  static void readObject(byte[] utf8, String what, Field field) throws IOException {
    try (StrictJson json = new StrictJson(utf8)) {
      json.parser.nextToken();
      json.object(what, field);
      if (json.parser.nextToken() != null) {
        throw new IllegalArgumentException(
            what + " must end after its object, found " + json.found());
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is not valid JSON, found %s".formatted(what, Quoted.of(e.getOriginalMessage())), e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(what + " must be UTF-8, found other bytes", e);
    }
  }

  /** Reads the object at whose start the parser stands, field by field. */
  void object(String what, Field field) throws IOException {
    expect(JsonToken.START_OBJECT, what, "an object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      field.read(this, name);
    }
  }

  /** Reads the array at whose start the parser stands. */
  long[] integers(String what, int most) throws IOException {
    expect(JsonToken.START_ARRAY, what, "an array");
    long[] integers = new long[most];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (count == most) {
        throw new IllegalArgumentException(
            "%s must have at most %d entries, found more".formatted(what, most));
      }
      integers[count++] = integer(what);
    }
    return Arrays.copyOf(integers, count);
  }

  private long integer(String what) throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT, what, "integers only");
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw new IllegalArgumentException(
          "%s must fit into 63 bits, found %s".formatted(what, parser.getText()));
    }
    return parser.getLongValue();
  }

  /** The string at which the parser stands. */
  String text(String what) throws IOException {
    expect(JsonToken.VALUE_STRING, what, "a string");
    return parser.getText();
  }

  /** Passes over the value at which the parser stands. */
  void skip() throws IOException {
    parser.skipChildren();
  }

  private void expect(JsonToken token, String what, String wanted) throws IOException {
    if (parser.currentToken() != token) {
      throw new IllegalArgumentException(
          "%s must be %s, found %s".formatted(what, wanted, found()));
    }
  }

  private String found() throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "nothing";
    }
    return token.isScalarValue() || token == JsonToken.FIELD_NAME
        ? Quoted.line(parser.getText())
        : token.asString();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
