package org.sparkgbert.search;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.vector.ProductRanking;
import org.sparkgbert.vector.Similarity;

/**
 * Which rows {@link ExactSearch} looks for, and how.
 *
 * @param idColumn the corpus' column of ids, of any type that has an order
 * @param embeddingColumn the corpus' column of embeddings, {@code array<float>}
 * @param similarity one with a {@link Similarity#ranking}
 * @param topK maximum number of rows per question, at least 1
 * @param minScore minimum score; null for no limit
 * @param blockRows rows per block, from 1 to 16384; the result does not depend on it
 * @param carriedColumns columns of the corpus that the result shows
 * @param device where blocks are multiplied; its threads are those of a task
 */
public record ExactSearchSettings(
    String idColumn,
    String embeddingColumn,
    Similarity similarity,
    int topK,
    Double minScore,
    int blockRows,
    List<String> carriedColumns,
    DeviceSettings device)
    implements Serializable {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public ExactSearchSettings {
    Objects.requireNonNull(idColumn, "idColumn");
    Objects.requireNonNull(embeddingColumn, "embeddingColumn");
    SearchOptions.SIMILARITY.require(similarity);
    SearchOptions.TOP_K.require(topK);
    SearchOptions.BLOCK_ROWS.require(blockRows);
    SearchOptions.MIN_SCORE.require(Optional.ofNullable(minScore));
    carriedColumns = List.copyOf(carriedColumns);
    Objects.requireNonNull(device, "device");
  }

  /** How the similarity ranks. */
  ProductRanking ranking() {
    return similarity.ranking().orElseThrow();
  }

  /** The least score of a hit. */
  double floor() {
    return minScore == null ? Double.NEGATIVE_INFINITY : minScore;
  }
}
