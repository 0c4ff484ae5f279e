package org.sparkgbert.report;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.sparkgbert.cluster.ClusterCard;
import org.sparkgbert.cluster.ClusterQuality;
import org.sparkgbert.cluster.ClusterQuality.LabelAgreement;
import org.sparkgbert.cluster.LabelCounts;
import org.sparkgbert.cluster.MapPoint;
import org.sparkgbert.cluster.ScannedK;

/** Clusterings to make pages of. */
final class ClusterReports {
  private static final int CLUSTERS = 70;

  private ClusterReports() {}

  /** A page whose every text is hostile. */
  static ClusterReport hostile() {
    return new ClusterReport(
        HostileTexts.IMAGE,
        HostileTexts.SCRIPT,
        "2026-03-01T12:34:56Z",
        HostileTexts.provenance(),
        12_345,
        67,
        Map.of(HostileTexts.SCRIPT, HostileTexts.QUOTES),
        IntStream.range(0, CLUSTERS).mapToObj(ClusterReports::card).toList(),
        List.of(labels(HostileTexts.IMAGE, 1), labels(null, 3)),
        similarities(CLUSTERS),
        List.of(new ScannedK(2, 0.1, 90), new ScannedK(70, 0.2, 60)),
        points(),
        new ClusterQuality(
            -0.25, 1000, new LabelAgreement(HostileTexts.IMAGE, 900, 7, 0.1, 0.2, 0.15, 0.3, 0.4)));
  }

  /** A page of these cards, of which each cluster has a point. */
  static ClusterReport of(List<ClusterCard> cards, double[][] similarities, MapPoint... points) {
    return new ClusterReport(
        "few",
        "lake/few",
        "never",
        null,
        cards.size(),
        0,
        Map.of(),
        cards,
        List.of(),
        similarities,
        List.of(),
        List.of(points),
        new ClusterQuality(null, 0, null));
  }

  private static LabelCounts labels(String label, int every) {
    return new LabelCounts(
        label,
        IntStream.range(0, CLUSTERS).mapToLong(each -> each % every == 0 ? each : 0).toArray());
  }

  static ClusterCard card(int number) {
    List<String> texts = List.of(HostileTexts.at(number), HostileTexts.at(number + 1), "a", "b");
    return new ClusterCard(number, 10 + number, 0.9, 0, 0.5, texts, texts);
  }

  /** Symmetric, with ones on the diagonal. */
  static double[][] similarities(int count) {
    Random random = new Random(42);
    double[][] matrix = new double[count][count];
    for (int row = 0; row < count; row++) {
      matrix[row][row] = 1;
      for (int column = 0; column < row; column++) {
        matrix[row][column] = random.nextDouble();
        matrix[column][row] = matrix[row][column];
      }
    }
    return matrix;
  }

  private static List<MapPoint> points() {
    double[] places = new Random(42).doubles(600).toArray();
    return IntStream.range(0, 300)
        .mapToObj(
            each ->
                new MapPoint(
                    places[each], places[300 + each], each % CLUSTERS, HostileTexts.at(each)))
        .toList();
  }
}
