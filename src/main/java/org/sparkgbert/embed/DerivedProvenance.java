package org.sparkgbert.embed;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/**
 * What made a column that was computed from embeddings, such as a similarity or a cluster.
 *
 * @param measure what was computed, such as {@code cosine_similarity}
 * @param embeddings what made the embeddings; one entry if all are by the same model, none if that
 *     is unknown
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DerivedProvenance(String measure, List<EmbeddingProvenance> embeddings) {
  /** Key of the column's metadata under which this stands. */
  public static final String METADATA_KEY = "spark_gbert_derived";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** As metadata of the column. */
  public Metadata toMetadata() {
    try {
      Metadata values = Metadata.fromJson(JSON.writeValueAsString(this));
      return new MetadataBuilder().putMetadata(METADATA_KEY, values).build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the provenance of " + measure, e);
    }
  }

  /**
   * Reads it back from a column.
   *
   * @return empty if spark-gbert did not compute the column
   * @throws IllegalArgumentException if what stands there cannot be read
   */
  public static Optional<DerivedProvenance> of(StructField column) {
    if (!column.metadata().contains(METADATA_KEY)) {
      return Optional.empty();
    }
    String json = column.metadata().getMetadata(METADATA_KEY).json();
    try {
      return Optional.of(JSON.readValue(json, DerivedProvenance.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read the provenance of column %s: %s"
              .formatted(column.name(), e.getOriginalMessage()),
          e);
    }
  }
}
