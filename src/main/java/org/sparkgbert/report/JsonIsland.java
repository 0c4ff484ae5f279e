package org.sparkgbert.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/**
 * JSON that may be put inside a script element: it is plain ASCII, so even unpaired surrogates and
 * line separators survive, and nothing in it ends the element or opens a comment.
 */
final class JsonIsland {
  private static final JsonMapper JSON = mapper();

  private JsonIsland() {}

  /** The value as JSON; numbers have the digits of a float, more than a chart can show. */
  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the data of a report", e);
    }
  }

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .addModule(
                new SimpleModule()
                    .addSerializer(Double.class, new ShortNumber())
                    .addSerializer(double.class, new ShortNumber()))
            .build();
    mapper.getFactory().setCharacterEscapes(new MarkupEscapes());
    return mapper;
  }

  private static final class ShortNumber extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider serializers)
        throws IOException {
      if (Double.isFinite(value)) {
        out.writeNumber(value.floatValue());
      } else {
        out.writeNull();
      }
    }
  }

  private static final class MarkupEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] escapes = standardAsciiEscapesForJSON();

    private MarkupEscapes() {
      for (char each : new char[] {'<', '>', '&'}) {
        escapes[each] = ESCAPE_STANDARD;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return escapes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
