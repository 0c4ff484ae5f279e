package org.sparkgbert.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * Describes a cluster model.
 *
 * @param formatVersion version of this layout
 * @param toolVersion version of spark-gbert
 * @param algorithm how clusters were found
 * @param distance how embeddings are compared
 * @param dimension length of an embedding
 * @param clusters how many there are
 * @param pcaDimensions number of principal components that embeddings are first reduced to, 0 for
 *     none
 * @param seed random seed
 * @param rows number of rows that the clusters were found on
 * @param cost sum of squared distances of those rows to their centroids
 * @param embeddings what made those rows' embeddings; null if their column did not say
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterModelInfo(
    int formatVersion,
    String toolVersion,
    Algorithm algorithm,
    Distance distance,
    int dimension,
    int clusters,
    int pcaDimensions,
    long seed,
    long rows,
    double cost,
    EmbeddingProvenance embeddings) {
  private static final String OF_ONE_MEAN =
      "assign rows of the same run; bits of --binary-mean zero are about the same mean in every run";

  /** The version of the layout that this code reads and writes. */
  public static final int FORMAT_VERSION = 1;

  /**
   * @throws IllegalArgumentException if the version differs
   */
  public ClusterModelInfo {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format_version must be %d, found %d".formatted(FORMAT_VERSION, formatVersion));
    }
    Objects.requireNonNull(algorithm, "algorithm is missing");
    Objects.requireNonNull(distance, "distance is missing");
  }

  /**
   * Clusters are valid only for embeddings like those they were found on. If one side does not say
   * what made it, only dimensions are compared.
   *
   * @throws IllegalArgumentException if another model made the embeddings, or the same under other
   *     settings, or their dimension or distance differs
   */
  void requireSame(CheckedEmbeddings others) {
    if (embeddings != null) {
      others
          .provenance()
          .ifPresent(
              made ->
                  embeddings.requireComparable(
                      "assign clusters",
                      "what they were found on",
                      made,
                      "the input",
                      OF_ONE_MEAN));
    }
    if (others.counts().dimension() != dimension) {
      throw new IllegalArgumentException(
          "Cannot assign clusters: they are for embeddings of %d dimensions, found %d"
              .formatted(dimension, others.counts().dimension()));
    }
    if (others.distance() != distance) {
      throw new IllegalArgumentException(
          "Cannot assign clusters: they are for %s distance, found %s"
              .formatted(distance.measure(), others.distance().measure()));
    }
  }
}
