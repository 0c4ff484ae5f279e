package org.sparkgbert.search;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.vector.ProductRanking;
import org.sparkgbert.vector.Similarity;

/**
 * Which neighbours {@link NearestNeighbours} looks for, and how.
 *
 * @param idColumn column of ids, of any type that has an order
 * @param embeddingColumn column of embeddings, {@code array<float>}
 * @param similarity one with a {@link Similarity#ranking}
 * @param topK maximum number of neighbours per row, at least 1
 * @param minScore minimum score of a pair, as the result's column shows it; null for no limit
 * @param unordered whether a pair occurs once, with the lower id first, if either row is among the
 *     best of the other
 * @param blockRows rows per block, from 1 to 16384; the result does not depend on it. A task holds
 *     the product of two blocks, {@code 4 * blockRows * blockRows} bytes outside the heap
 * @param carriedColumns columns that the result shows for both rows
 * @param device where blocks are multiplied; its threads are those of a task, so {@code
 *     spark.task.cpus}
 */
public record NeighbourSettings(
    String idColumn,
    String embeddingColumn,
    Similarity similarity,
    int topK,
    Float minScore,
    boolean unordered,
    int blockRows,
    List<String> carriedColumns,
    DeviceSettings device)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public NeighbourSettings {
    Objects.requireNonNull(idColumn, "idColumn");
    Objects.requireNonNull(embeddingColumn, "embeddingColumn");
    Objects.requireNonNull(similarity, "similarity");
    Objects.requireNonNull(device, "device");
    carriedColumns = List.copyOf(carriedColumns);
    if (similarity.ranking().isEmpty()) {
      throw wrong(
          "the similarity must be " + searchable(Similarity::column) + ", not a distance",
          similarity.column());
    }
    if (minScore != null && !Float.isFinite(minScore)) {
      throw wrong("the minimum score must be a finite number", minScore);
    }
    NeighbourOptions.TOP_K.require(topK);
    NeighbourOptions.BLOCK_ROWS.require(blockRows);
  }

  /** The similarities that a search can rank by. */
  static String searchable(Function<Similarity, String> name) {
    return Arrays.stream(Similarity.values())
        .filter(similarity -> similarity.ranking().isPresent())
        .map(name)
        .collect(Collectors.joining(" or "));
  }

  /** How the similarity ranks. */
  ProductRanking ranking() {
    return similarity.ranking().orElseThrow();
  }

  /** The least double that, as a float, is not below the minimum score. */
  double floor() {
    if (minScore == null) {
      return Double.NEGATIVE_INFINITY;
    }
    double below = minScore == -Float.MAX_VALUE ? -0x1p128 : Math.nextDown(minScore);
    double between = (below + minScore) / 2;
    return (float) between < minScore ? Math.nextUp(between) : between;
  }

  private static IllegalArgumentException wrong(String rule, Object found) {
    return new IllegalArgumentException("Cannot find partners: " + rule + ", found " + found);
  }
}
