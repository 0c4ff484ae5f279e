package org.sparkgbert.enrich;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.tokenize.TextCleaner;

/**
 * Keys of texts: texts with the same key have the same vector under the same fingerprint.
 *
 * <p>A key is the first 16 bytes of SHA-256 over the UTF-8 of what the tokenizer reads: the prompt,
 * and the text after it was cleaned and cut to a number of characters. Of a text that was cut, one
 * byte 0xFF, which no UTF-8 has, comes last, since its status tells so.
 *
 * @param cleaner how texts are cleaned
 * @param prompt text put before each sentence
 */
public record TextKeys(TextCleaner cleaner, String prompt) implements Serializable {
  /** Length of a key in bytes. */
  public static final int BYTES = ShortHash.BYTES;

  private static final byte[] CUT = {(byte) 0xFF};
  private static final byte[] NOTHING = {};

  /** The key of a text; null for null and blank texts, which have no vector. */
  public byte[] of(String text) {
    if (text == null || TextCleaner.isBlank(text)) {
      return null;
    }
    TextCleaner.CleanText clean = cleaner.clean(text);
    return ShortHash.of(
        prompt.getBytes(StandardCharsets.UTF_8),
        clean.text().getBytes(StandardCharsets.UTF_8),
        clean.cut() ? CUT : NOTHING);
  }

  /** The keys of a column of texts, {@code binary}. */
  public Column of(Column texts) {
    return functions.udf((UDF1<String, byte[]>) this::of, DataTypes.BinaryType).apply(texts);
  }
}
