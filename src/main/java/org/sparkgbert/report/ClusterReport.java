package org.sparkgbert.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.lang3.StringUtils;
import org.sparkgbert.cluster.ClusterCard;
import org.sparkgbert.cluster.ClusterFindings;
import org.sparkgbert.cluster.ClusterQuality;
import org.sparkgbert.cluster.ClusterQuality.LabelAgreement;
import org.sparkgbert.cluster.LabelCounts;
import org.sparkgbert.cluster.MapPoint;
import org.sparkgbert.cluster.ScannedK;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * A page that shows the clusters of a corpus. Immutable if its lists, map and matrix are; the
 * matrix is used as it is, not copied.
 *
 * @param title name of the corpus, as text
 * @param path where it is, as text
 * @param dateTime when the clustering ran: UTC in ISO 8601
 * @param provenance what made the embeddings; null if unknown
 * @param rows rows of the corpus
 * @param rowsWithoutEmbedding those of them that have none, hence no cluster
 * @param settings settings of the clustering by name, in the order to show them
 * @param cards one for each cluster, by number
 * @param labels how known labels are divided among the clusters; empty if there are none
 * @param centroidSimilarities cosine similarities of all pairs of centroids, symmetric, [k, k]
 * @param scan numbers of clusters that were tried, ascending; empty if none were
 * @param points the map, at most a few thousand
 * @param quality how good the clustering is
 */
public record ClusterReport(
    String title,
    String path,
    String dateTime,
    EmbeddingProvenance provenance,
    long rows,
    long rowsWithoutEmbedding,
    Map<String, String> settings,
    List<ClusterCard> cards,
    List<LabelCounts> labels,
    double[][] centroidSimilarities,
    List<ScannedK> scan,
    List<MapPoint> points,
    ClusterQuality quality) {

  /**
   * Checks that everything is present and consistent.
   *
   * @throws IllegalArgumentException if the cards are not numbered from 0, the matrix is not as
   *     long and wide as there are cards, or a point lies in a cluster without a card
   */
  public ClusterReport {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(dateTime, "dateTime");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(cards, "cards");
    Objects.requireNonNull(points, "points");
    Objects.requireNonNull(scan, "scan");
    Objects.requireNonNull(quality, "quality");
    requireFit(cards, centroidSimilarities, points);
  }

  /** The page for the results. */
  public static ClusterReport of(ClusterFindings findings) {
    return new ClusterReport(
        TableName.of(findings.input().paths()),
        String.join(", ", findings.input().paths()),
        findings.finished(),
        findings.embeddings(),
        findings.counts().rows(),
        findings.counts().rows() - findings.counts().usable(),
        findings.namedSettings(),
        findings.cards(),
        findings.labels(),
        findings.centroidSimilarities(),
        findings.scanned(),
        findings.map(),
        findings.quality());
  }

  private static void requireFit(
      List<ClusterCard> cards, double[][] similarities, List<MapPoint> points) {
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

  /**
   * The page: HTML5, to be written as UTF-8. It loads nothing, and texts of the corpus appear in it
   * as text only.
   */
  public String html() {
    return Page.html(
        "cluster",
        List.of("cluster-map.js", "cluster-charts.js", "cluster.js"),
        title + " – clusters",
        Map.of(
            "title", Html.escape(title),
            "path", Html.path(title, path),
            "date_time", Html.dateTime(dateTime),
            "model", Html.escape(ProvenanceTable.model(provenance)),
            "figures", Html.figures(figures()),
            "verdict", verdict(),
            "labels", new LabelTable(labelColumn(), labels, cards).html(),
            "agreement", agreement(),
            "settings", Html.definitions(settings.entrySet()),
            "provenance", ProvenanceTable.html(provenance)),
        data());
  }

  private List<Html.Figure> figures() {
    List<Html.Figure> figures = new ArrayList<>();
    figures.add(new Html.Figure("Clusters", Numbers.count(cards.size()), sizes()));
    figures.add(new Html.Figure("Rows", Numbers.count(rows), rowsLeftOut()));
    figures.add(
        new Html.Figure(
            "Silhouette",
            Numbers.correlation(quality.silhouette()),
            "of %s, from −1 to 1".formatted(Numbers.count(quality.silhouetteRows(), "row"))));
    if (quality.agreement() != null) {
      figures.add(
          new Html.Figure(
              "V-measure",
              Numbers.correlation(quality.agreement().vMeasure()),
              "agreement with labels"));
    }
    return figures;
  }

  private String sizes() {
    var sizes = cards.stream().mapToLong(ClusterCard::size).summaryStatistics();
    return cards.isEmpty()
        ? ""
        : "of %s to %s"
            .formatted(Numbers.count(sizes.getMin()), Numbers.count(sizes.getMax(), "row"));
  }

  /** The silhouette in words; empty if there is none. */
  private String verdict() {
    return quality
        .structure()
        .map(
            found ->
                """
                <p class="lead"><strong>%s.</strong> So Kaufman and Rousseeuw (1990) read a \
                silhouette of %s: above 0.7 strong structure, above 0.5 reasonable, above 0.25 weak. \
                They measured plain distances; this silhouette takes squared ones, which makes it \
                higher.</p>"""
                    .formatted(
                        StringUtils.capitalize(found.words()),
                        Numbers.correlation(quality.silhouette())))
        .orElse("");
  }

  private String labelColumn() {
    return quality.agreement() == null ? "" : quality.agreement().labelColumn();
  }

  private String rowsLeftOut() {
    return rowsWithoutEmbedding == 0
        ? "all with an embedding"
        : Numbers.count(rowsWithoutEmbedding) + " without an embedding";
  }

  /** A section about known labels; empty if there are none. */
  private String agreement() {
    LabelAgreement labels = quality.agreement();
    if (labels == null) {
      return "";
    }
    Map<String, String> words = new LinkedHashMap<>();
    words.put(
        "Labels",
        "%s, %s distinct".formatted(labels.labelColumn(), Numbers.count(labels.labels())));
    words.put("Rows with a label", Numbers.count(labels.rows()));
    words.put("Homogeneity", Numbers.correlation(labels.homogeneity()));
    words.put("Completeness", Numbers.correlation(labels.completeness()));
    words.put("V-measure", Numbers.correlation(labels.vMeasure()));
    words.put("Adjusted Rand index", Numbers.correlation(labels.adjustedRandIndex()));
    words.put(
        "Normalized mutual information", Numbers.correlation(labels.normalizedMutualInformation()));
    return """
        <section aria-labelledby="agreement"><h2 id="agreement">Agreement with labels</h2>
        %s</section>"""
        .formatted(Html.definitions(words.entrySet()));
  }

  private Data data() {
    return new Data(
        cards,
        ClusterOrder.of(centroidSimilarities),
        Arrays.stream(centroidSimilarities).map(ClusterReport::shortened).toArray(double[][]::new),
        scan,
        points.stream().map(Place::of).toList());
  }

  /** With three digits after the point: a matrix of 200 clusters has 40,000 numbers. */
  private static double[] shortened(double[] similarities) {
    return Arrays.stream(similarities).map(each -> Math.round(each * 1e3) / 1e3).toArray();
  }

  /** What the page's script reads. */
  @JsonNaming(SnakeCaseStrategy.class)
  private record Data(
      List<ClusterCard> cards,
      int[] order,
      double[][] similarities,
      List<ScannedK> scan,
      List<Place> points) {}

  /** A point as an array, without the names. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"x", "y", "cluster", "text"})
  private record Place(double x, double y, int cluster, String text) {
    private static Place of(MapPoint point) {
      return new Place(point.x(), point.y(), point.cluster(), point.text());
    }
  }
}
