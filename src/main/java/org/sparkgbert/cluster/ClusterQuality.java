package org.sparkgbert.cluster;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How good a clustering is.
 *
 * @param silhouette mean silhouette of a sample, from -1 to 1; null if there is one cluster only
 * @param silhouetteRows rows of that sample
 * @param agreement agreement with known labels; null if there are none
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ClusterQuality(Double silhouette, long silhouetteRows, LabelAgreement agreement) {

  /**
   * Agreement of clusters with labels, over rows that have both.
   *
   * @param labelColumn where the labels stand
   * @param rows rows with cluster and label
   * @param labels distinct labels
   * @param homogeneity 1 if every cluster holds rows of one label only, from 0
   * @param completeness 1 if all rows of a label are in one cluster, from 0
   * @param vMeasure harmonic mean of both. Source: Rosenberg and Hirschberg, 2007
   * @param adjustedRandIndex pairs of rows on which both agree, corrected for chance, at most 1.
   *     Source: Hubert and Arabie, 1985
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
