package org.sparkgbert.report;

import java.util.Arrays;
import java.util.List;
import org.sparkgbert.cluster.ClusterCard;
import org.sparkgbert.cluster.MapPoint;

/** Whether the parts of a clustering fit together. */
final class ClusterParts {
  private ClusterParts() {}

  static void check(List<ClusterCard> cards, double[][] similarities, List<MapPoint> points) {
    int count = cards.size();
    for (int each = 0; each < count; each++) {
      require(cards.get(each).cluster() == each, "card " + each, cards.get(each).cluster());
    }
    require(similarities.length == count, count + " rows of similarities", similarities.length);
    for (double[] row : similarities) {
      require(row.length == count, count + " columns of similarities", row.length);
    }
    for (MapPoint point : points) {
      boolean hasCard = point.cluster() >= 0 && point.cluster() < count;
      require(hasCard, "points in clusters 0 to " + (count - 1), point.cluster());
    }
  }

  private static void require(boolean holds, String expected, int found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Cannot show the clusters: there must be %s, found %d".formatted(expected, found));
    }
  }

  /** With three digits after the point: a matrix of 200 clusters has 40,000 numbers. */
  static double[][] shortened(double[][] similarities) {
    return Arrays.stream(similarities)
        .map(row -> Arrays.stream(row).map(each -> Math.round(each * 1e3) / 1e3).toArray())
        .toArray(double[][]::new);
  }
}
