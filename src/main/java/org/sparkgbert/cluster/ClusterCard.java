package org.sparkgbert.cluster;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What a person wants to know about a cluster.
 *
 * @param cluster its number, from 0
 * @param size number of rows in it
 * @param cohesion mean cosine similarity of its rows to its centroid, from -1 to 1
 * @param nearestCluster the cluster whose centroid is nearest, by the distance that clusters were
 *     found by; -1 if there is no other
 * @param nearestSimilarity cosine similarity to that centroid; null if there is no other
 * @param labels the words that distinguish it from the others, best first
 * @param exemplars distinct texts nearest to its centroid, nearest first
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ClusterCard(
    int cluster,
    long size,
    double cohesion,
    int nearestCluster,
    Double nearestSimilarity,
    List<String> labels,
    List<String> exemplars) {

  /** The same with labels. */
  public ClusterCard withLabels(List<String> words) {
    return new ClusterCard(
        cluster, size, cohesion, nearestCluster, nearestSimilarity, words, exemplars);
  }
}
