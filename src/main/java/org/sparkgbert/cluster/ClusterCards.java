package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;

/** Describes clusters by the rows that are assigned to them. */
final class ClusterCards {
  private ClusterCards() {}

  /**
   * One card per cluster, by number, without labels; a cluster without rows has cohesion 0.
   * Cohesion is measured in the space in which the clusters were found, so after any reduction to
   * principal components.
   */
  static List<ClusterCard> of(FittedClusters clusters, ClusterSummary rows) {
    Vector[] centroids = clusters.model().centroids();
    List<ClusterCard> cards = new ArrayList<>();
    for (int cluster = 0; cluster < centroids.length; cluster++) {
      int nearest = nearest(centroids, cluster, clusters.info().distance());
      cards.add(
          new ClusterCard(
              cluster,
              rows.size(cluster),
              rows.cohesion(cluster),
              nearest,
              nearest < 0
                  ? null
                  : Distance.cosineSimilarity(centroids[cluster], centroids[nearest]),
              List.of(),
              rows.exemplars(cluster)));
    }
    return cards;
  }

  /** Of equally near ones the first; -1 if there is no other. */
  private static int nearest(Vector[] centroids, int cluster, Distance distance) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int other = 0; other < centroids.length; other++) {
      double here = distance.between(centroids[cluster], centroids[other]);
      if (other != cluster && here < least) {
        best = other;
        least = here;
      }
    }
    return best;
  }
}
