package org.sparkgbert.enrich;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.lake.EmbeddingColumns;

/**
 * The columns that enrichment adds to a table: those of {@link EmbeddingColumns}, and what each
 * vector was made of.
 *
 * <table>
 *   <caption>Further columns, with {@code embedding} for the prefix</caption>
 *   <tr><td>{@code embedding_key}</td><td>{@code binary}</td><td>16 bytes, see {@link TextKeys}; null for null and blank texts</td></tr>
 *   <tr><td>{@code embedding_fingerprint}</td><td>{@code string}</td><td>what made the vector, see {@link org.sparkgbert.encode.Fingerprint}</td></tr>
 * </table>
 *
 * @param embedding the columns that embedding alone adds
 */
public record EnrichedColumns(EmbeddingColumns embedding) {
  /** Name of the column with the key of the text. */
  public String key() {
    return embedding.prefix() + "_key";
  }

  /** Name of the column with the fingerprint of the model and its settings. */
  public String fingerprint() {
    return embedding.prefix() + "_fingerprint";
  }

  /** Columns like these whose names begin with another prefix, this one and a suffix. */
  EnrichedColumns withSuffix(String suffix) {
    return new EnrichedColumns(new EmbeddingColumns(embedding.prefix() + suffix));
  }

  /** All names, in the order of the table. */
  public List<String> names() {
    List<String> names = new ArrayList<>(embedding.names());
    names.add(key());
    names.add(fingerprint());
    return names;
  }

  /**
   * A schema with these columns at its end.
   *
   * @param metadata metadata of the vector's column
   * @throws IllegalArgumentException if the input has a column with one of these names
   */
  public StructType addTo(StructType input, Metadata metadata) {
    for (String name : List.of(key(), fingerprint())) {
      if (Arrays.stream(input.fieldNames()).anyMatch(name::equalsIgnoreCase)) {
        throw new IllegalArgumentException(
            "Cannot add column %s: the input already has one; choose another name for the embedding column"
                .formatted(name));
      }
    }
    return embedding
        .addTo(input, metadata)
        .add(key(), DataTypes.BinaryType, true)
        .add(fingerprint(), DataTypes.StringType, true);
  }
}
