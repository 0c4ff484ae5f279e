package org.sparkgbert.lake;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * What made a column that was computed from embeddings, such as a similarity or a cluster.
 *
 * @param measure what was computed, such as {@code cosine_similarity}
 * @param embeddings what made the embeddings; one entry if all are from the same model, none if
 *     unknown
 * @param settings what else a reader of the column must know, by name; none for most
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DerivedProvenance(
    String measure,
    List<EmbeddingProvenance> embeddings,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> settings) {
  /** Key under which this is stored in the column's metadata. */
  public static final String METADATA_KEY = "spark_gbert_derived";

  public DerivedProvenance {
    settings = Objects.requireNonNullElse(settings, Map.of());
  }

  /** Without settings. */
  public DerivedProvenance(String measure, List<EmbeddingProvenance> embeddings) {
    this(measure, embeddings, Map.of());
  }

  /** Whether both were computed alike, from embeddings that can be compared. */
  boolean isLike(DerivedProvenance other) {
    boolean comparable =
        measure.equals(other.measure)
            && settings.equals(other.settings)
            && embeddings.size() == other.embeddings.size();
    for (int i = 0; comparable && i < embeddings.size(); i++) {
      comparable = embeddings.get(i).difference("", other.embeddings.get(i), "").isEmpty();
    }
    return comparable;
  }

  /** As metadata of the column. */
  public Metadata toMetadata() {
    return ColumnMetadata.of(METADATA_KEY, this, measure);
  }

  /**
   * Reads it back from a column.
   *
   * @return empty if spark-gbert did not compute the column
   * @throws IllegalArgumentException if the stored value cannot be read
   */
  public static Optional<DerivedProvenance> of(StructField column) {
    return ColumnMetadata.read(column, METADATA_KEY, DerivedProvenance.class);
  }
}
