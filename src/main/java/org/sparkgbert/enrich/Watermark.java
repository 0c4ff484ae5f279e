package org.sparkgbert.enrich;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.lake.LakeTable;

/**
 * How far a table is enriched: every row that was there in a version has its vector. A property of
 * the table keeps it for each group of columns.
 *
 * @param fingerprint what made the vectors
 * @param textColumn the column that was embedded
 * @param columns SHA-256 over names and types of the table's columns, which no version tells
 * @param read the version
 * @param published the newest version when the vectors were in the table
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
record Watermark(
    String fingerprint, String textColumn, String columns, String read, String published) {
  private static final String PROPERTY = "spark-gbert.enriched.";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  Watermark {
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(textColumn, "text_column");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(read, "read");
    Objects.requireNonNull(published, "published");
  }

  /** What stands for the columns of a table. */
  static String columnsOf(LakeTable table) {
    return Checksums.sha256(List.of(table.schema().catalogString()));
  }

  /**
   * That of a group of columns.
   *
   * @return empty if there is none
   * @throws IllegalArgumentException if the property cannot be read
   */
  static Optional<Watermark> of(LakeTable table, EnrichedColumns columns) {
    String json = table.table().properties().get(property(columns));
    if (json == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(json, Watermark.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read property %s of table %s: %s; remove it"
              .formatted(property(columns), table.name(), e.getOriginalMessage()),
          e);
    }
  }

  /** As a property of the table. */
  Map<String, String> asProperty(EnrichedColumns columns) {
    try {
      return Map.of(property(columns), JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + this, e);
    }
  }

  private static String property(EnrichedColumns columns) {
    return PROPERTY + columns.embedding().prefix();
  }
}
