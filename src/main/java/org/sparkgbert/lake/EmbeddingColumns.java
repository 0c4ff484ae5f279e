package org.sparkgbert.lake;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that embedding adds to a table.
 *
 * <table>
 *   <caption>Columns, with {@code embedding} for the prefix</caption>
 *   <tr><td>{@code embedding}</td><td>{@code array<float>}</td><td>{@code [dimension]}, or null</td></tr>
 *   <tr><td>{@code embedding_status}</td><td>{@code string}</td><td>ok, truncated, empty, failed</td></tr>
 *   <tr><td>{@code embedding_tokens}</td><td>{@code int}</td><td>tokens before any cut</td></tr>
 *   <tr><td>{@code embedding_error}</td><td>{@code string}</td><td>null unless failed</td></tr>
 * </table>
 *
 * <p>Of vectors with a byte per element, {@code embedding} is an {@code array<tinyint>}, and {@code
 * embedding_scale} stands behind it; see {@link Int8Vectors}. With a bit per element, {@code
 * embedding} is {@code binary}; see {@link BinaryVectors}.
 *
 * @param prefix name of the vector's column, and prefix of the others
 */
public record EmbeddingColumns(String prefix) {
  /** Name of the vector's column. */
  public String embedding() {
    return prefix;
  }

  /** Name of the column with the status of the text. */
  public String status() {
    return prefix + "_status";
  }

  /** Name of the column with the number of tokens. */
  public String tokens() {
    return prefix + "_tokens";
  }

  /** Name of the column with the reason for a failure. */
  public String error() {
    return prefix + "_error";
  }

  /** Name of the column with the scales of vectors that have a byte per element. */
  public String scale() {
    return prefix + "_scale";
  }

  /** All names of a table whose vectors have this precision, in the order of the table. */
  public List<String> names(OutputPrecision precision) {
    return switch (precision) {
      case FLOAT32, BINARY -> names();
      case INT8 -> List.of(embedding(), scale(), status(), tokens(), error());
    };
  }

  /** All names of a table of floats, in the order of the table. */
  public List<String> names() {
    return List.of(embedding(), status(), tokens(), error());
  }

  /**
   * A schema with the embedding columns at its end.
   *
   * @param metadata metadata of the vector's column
   * @throws IllegalArgumentException if the input has a column with one of these names
   */
  public StructType addTo(StructType input, Metadata metadata) {
    for (String name : names()) {
      if (Arrays.stream(input.fieldNames()).anyMatch(name::equalsIgnoreCase)) {
        throw new IllegalArgumentException(
            "Cannot add column %s: the input already has one; choose another name for the embedding column"
                .formatted(name));
      }
    }
    return input
        .add(
            new StructField(
                embedding(), DataTypes.createArrayType(DataTypes.FloatType, false), true, metadata))
        .add(status(), DataTypes.StringType, false)
        .add(tokens(), DataTypes.IntegerType, false)
        .add(error(), DataTypes.StringType, true);
  }
}
