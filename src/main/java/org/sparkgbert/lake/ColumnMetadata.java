package org.sparkgbert.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.ColumnNames;

/** Values that are stored as JSON in the metadata of columns, each under its key. */
final class ColumnMetadata {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ColumnMetadata() {}

  /**
   * Metadata with a value.
   *
   * @param what what the value is about, for messages
   */
  static Metadata of(String key, Object value, String what) {
    try {
      Metadata values = Metadata.fromJson(JSON.writeValueAsString(value));
      return new MetadataBuilder().putMetadata(key, values).build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the provenance of " + what, e);
    }
  }

  /** Metadata of a column that says no more what made it. */
  static Metadata withoutProvenance(StructField column) {
    return new MetadataBuilder()
        .withMetadata(column.metadata())
        .remove(EmbeddingProvenance.METADATA_KEY)
        .remove(DerivedProvenance.METADATA_KEY)
        .build();
  }

  /** The rows with other metadata of some columns. */
  static Dataset<Row> replaced(Dataset<Row> rows, Map<String, Metadata> others) {
    Column[] all =
        Arrays.stream(rows.schema().fields())
            .map(
                field ->
                    ColumnNames.column(field.name())
                        .as(field.name(), others.getOrDefault(field.name(), field.metadata())))
            .toArray(Column[]::new);
    return rows.select(all);
  }

  /**
   * Reads a value back from a column.
   *
   * @return empty if the column has none
   * @throws IllegalArgumentException if the stored value cannot be read
   */
  static <T> Optional<T> read(StructField column, String key, Class<T> type) {
    if (!column.metadata().contains(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(column.metadata().getMetadata(key).json(), type));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read the provenance of column %s: %s"
              .formatted(column.name(), e.getOriginalMessage()),
          e);
    }
  }
}
