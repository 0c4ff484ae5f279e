package org.sparkgbert.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

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
