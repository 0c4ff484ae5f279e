package org.sparkgbert.cluster;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Optional;

/**
 * How good a clustering is.
 *
 * @param silhouette mean silhouette of a sample, from -1 to 1; null if there is only one cluster
 * @param silhouetteRows number of rows in that sample
 * @param agreement agreement with known labels; null if there are none
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ClusterQuality(Double silhouette, long silhouetteRows, LabelAgreement agreement) {

  /** What the silhouette says; empty if there is none. */
  public Optional<Structure> structure() {
    return Optional.ofNullable(silhouette).map(Structure::of);
  }

  /**
   * Agreement of clusters with labels, over rows that have both.
   *
   * @param labelColumn column with the labels
   * @param rows number of rows with cluster and label
   * @param labels number of distinct labels
   * @param homogeneity from 0 to 1, which means that every cluster has rows of only one label
   * @param completeness from 0 to 1, which means that all rows of a label are in one cluster
   * @param vMeasure harmonic mean of homogeneity and completeness. Source: Rosenberg and
   *     Hirschberg, 2007
   * @param adjustedRandIndex agreement of clusters and labels on pairs of rows, corrected for
   *     chance, at most 1. Source: Hubert and Arabie, 1985
   * @param normalizedMutualInformation mutual information over the arithmetic mean of both
   *     entropies, from 0 to 1
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record LabelAgreement(
      String labelColumn,
      long rows,
      long labels,
      double homogeneity,
      double completeness,
      double vMeasure,
      double adjustedRandIndex,
      double normalizedMutualInformation) {}
}
