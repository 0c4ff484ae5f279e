package org.sparkgbert.corpus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.json.JSONOptions;

/**
 * Whether anything but white space stands behind the first object or array of a JSON text. Spark
 * reads no further than that.
 */
final class JsonTail implements UDF1<byte[], Boolean> {
  private static final long serialVersionUID = 1L;

  private final JSONOptions options;

  /**
   * @param options how Spark parses JSON
   */
  JsonTail(JSONOptions options) {
    this.options = options;
  }

  /** Looks at one line. */
  @Override
  public Boolean call(byte[] line) throws IOException {
    String encoding = options.encoding().isDefined() ? options.encoding().get() : "UTF-8";
    try (JsonParser parser = parser(new ByteArrayInputStream(line), encoding)) {
      return isBehindFirst(parser);
    }
  }

  /** Looks at one file, of which Jackson finds the encoding if the options do not have it. */
  boolean isIn(InputStream file) throws IOException {
    try (JsonParser parser =
        options.encoding().isDefined()
            ? parser(file, options.encoding().get())
            : options.buildJsonFactory().createParser(file)) {
      return isBehindFirst(parser);
    }
  }

  private JsonParser parser(InputStream in, String encoding) throws IOException {
    return options.buildJsonFactory().createParser(new InputStreamReader(in, encoding));
  }

  private static boolean isBehindFirst(JsonParser parser) throws IOException {
    try {
      JsonToken first = parser.nextToken();
      if (first == null || !first.isStructStart()) {
        return false;
      }
      parser.skipChildren();
    } catch (JsonProcessingException e) {
      return false; // Spark says itself that it is malformed.
    }
    try {
      return parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      return true;
    }
  }
}
