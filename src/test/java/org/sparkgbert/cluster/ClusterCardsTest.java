package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;

class ClusterCardsTest {
  /** Two groups, of which one has a doubled, a blank and a long text. */
  private static final List<Row> ROWS =
      List.of(
          Groups.row(0, "Hund", 1f, 0f),
          Groups.row(1, "Hund", 1f, 0f),
          Groups.row(2, "Katze", 1f, 0.1f),
          Groups.row(3, " ", 1f, 0f),
          Groups.row(4, null, 1f, 0f),
          Groups.row(5, "x".repeat(9_999), 1f, 0.2f),
          Groups.row(6, "Auto", 0f, 1f),
          Groups.row(7, "Bahn", 0f, 2f));

  private final Dataset<Row> table = Groups.table(ROWS, 2);
  private final FittedClusters clusters = Groups.fit(table, Groups.settings(2)).clusters();

  @Test
  void cardsHaveSizesNeighboursAndDistinctExemplars() {
    List<ClusterCard> cards = cards(table);
    ClusterCard small = cards.stream().filter(card -> card.size() == 2).findFirst().orElseThrow();
    ClusterCard large = cards.get(1 - small.cluster());
    assertThat(small.exemplars()).containsExactly("Auto", "Bahn");
    assertThat(small.cohesion()).isCloseTo(1, within(1e-9));
    assertThat(small.nearestCluster()).isEqualTo(large.cluster());
    assertThat(small.nearestSimilarity()).isEqualTo(large.nearestSimilarity()).isBetween(0.0, 0.1);
    assertThat(large.size()).isEqualTo(6);
    assertThat(large.cohesion()).isBetween(0.98, 0.9999);
    assertThat(large.exemplars())
        .containsExactlyInAnyOrder("Hund", "Katze", "x".repeat(500))
        .endsWith("x".repeat(500));
  }

  @Test
  void aClusterThatGotNoRowsHasAnEmptyCard() {
    Dataset<Row> cars = table.where("id >= 6");
    ClusterCard empty =
        cards(cars).stream().filter(card -> card.size() == 0).findFirst().orElseThrow();
    assertThat(empty.cohesion()).isZero();
    assertThat(empty.exemplars()).isEmpty();
    assertThat(ClusterTables.cards(List.of(empty), TestSpark.session()).head().getLong(1)).isZero();
  }

  @Test
  void centroidsAreATable() {
    List<Row> centroids =
        ClusterTables.centroids(clusters, TestSpark.session()).orderBy("cluster").collectAsList();
    assertThat(centroids).hasSize(2);
    for (Row row : centroids) {
      double[] centroid = row.<Double>getList(1).stream().mapToDouble(x -> x).toArray();
      assertThat(Math.hypot(centroid[0], centroid[1])).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void aMapSeparatesGroupsWhateverThePartitions() {
    List<MapPoint> points = map(table, 100);
    assertThat(points).hasSize(7);
    assertThat(map(table.repartition(5), 100)).isEqualTo(points);
    assertThat(points.stream().mapToDouble(MapPoint::x).sum()).isCloseTo(0, within(1e-9));
    assertThat(points)
        .allMatch(
            point ->
                (point.x() > 0)
                    == (points.get(0).x() > 0)
                    == (point.cluster() == points.get(0).cluster()));
    assertThat(points).extracting(MapPoint::text).contains("Hund", "", "x".repeat(200));
  }

  @Test
  void aMapHasNoMorePointsThanAskedFor() {
    assertThat(map(table, 1)).hasSizeLessThan(2);
    assertThat(map(table, 3)).hasSizeLessThan(4);
  }

  /** The bus is far along the axis of the dog, and the cat is near the dog across it. */
  @ParameterizedTest
  @CsvSource({"EUCLIDEAN,Katze,Hund,Hund", "COSINE,Bus,Hund,Bus"})
  void theNearestClusterIsNearestByTheDistanceOfTheRun(
      Distance distance, String ofDog, String ofBus, String ofCat) {
    Map<String, ClusterCard> byText = new TreeMap<>();
    Dataset<Row> three =
        Groups.table(
            List.of(
                Groups.row(0, "Hund", 1f, 0f),
                Groups.row(1, "Bus", 10f, 1f),
                Groups.row(2, "Katze", 0.5f, 1f)),
            1);
    FittedClusters own =
        Groups.fit(three, Groups.settings(new KChoice.Fixed(3), Algorithm.KMEANS, distance, 0))
            .clusters();
    List<ClusterCard> cards =
        ClusterCards.of(
            own, ClusterSummary.of(own, Groups.check(three, distance), "text", 1, 1, 1));
    cards.forEach(card -> byText.put(card.exemplars().get(0), card));
    Map.of("Hund", ofDog, "Bus", ofBus, "Katze", ofCat)
        .forEach(
            (text, nearest) -> {
              ClusterCard card = byText.get(text);
              assertThat(card.nearestCluster()).isEqualTo(byText.get(nearest).cluster());
              assertThat(card.nearestSimilarity())
                  .isEqualTo(own.centroidSimilarities()[card.cluster()][card.nearestCluster()]);
            });
  }

  private List<ClusterCard> cards(Dataset<Row> rows) {
    return ClusterCards.of(clusters, summary(rows, 3, 1));
  }

  private List<MapPoint> map(Dataset<Row> rows, int points) {
    return CorpusMap.of(summary(rows, 1, points).sample());
  }

  private ClusterSummary summary(Dataset<Row> rows, int exemplars, int points) {
    return ClusterSummary.of(clusters, check(rows), "text", exemplars, points, 1);
  }

  private static CheckedEmbeddings check(Dataset<Row> rows) {
    return Groups.check(rows, Distance.COSINE);
  }
}
