package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusteringTest {

  @ParameterizedTest
  @CsvSource({"KMEANS,COSINE,0", "BISECTING,COSINE,0", "KMEANS,COSINE,3", "BISECTING,EUCLIDEAN,4"})
  void groupsFarApartAreFoundExactly(Algorithm algorithm, Distance distance, int axes) {
    var rows = distance == Distance.COSINE ? Groups.rows(3, 60) : withOneLength(60);
    var table = Groups.table(rows, 3);
    var settings = Groups.settings(new KChoice.Fixed(3), algorithm, distance, axes);
    requireGroups(Groups.assigned(Groups.fit(table, settings).clusters(), table), 3);
  }

  private static List<Row> withOneLength(int rows) {
    return IntStream.range(0, rows)
        .mapToObj(id -> RowFactory.create(id, "", axis(id % 3), id % 3))
        .toList();
  }

  private static Float[] axis(int axis) {
    Float[] vector = new Float[Groups.DIMENSION];
    Arrays.fill(vector, 0.5f);
    vector[axis] = 3f;
    return vector;
  }

  private static void requireGroups(List<Row> assigned, int groups) {
    Map<Integer, Integer> clusters = new HashMap<>();
    for (Row row : assigned) {
      clusters.putIfAbsent(row.getInt(1), row.getInt(2));
      assertThat(row.getInt(2)).isEqualTo(clusters.get(row.getInt(1)));
    }
    assertThat(clusters.values()).doesNotHaveDuplicates().hasSize(groups);
  }

  @Test
  void partitionsAndOrderOfTheInputChangeNothing() {
    List<Row> rows = noise(300);
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(1));
    var one = Groups.fit(Groups.table(rows, 1), Groups.settings(8)).clusters();
    var other = Groups.fit(Groups.table(shuffled, 5), Groups.settings(8)).clusters();
    assertThat(other.model().centroids()).isEqualTo(one.model().centroids());
    assertThat(Groups.assigned(other, Groups.table(shuffled, 3)))
        .isEqualTo(Groups.assigned(one, Groups.table(rows, 2)));
  }

  /** Rows without groups, so that every start ends elsewhere. */
  private static List<Row> noise(int rows) {
    Random random = new Random(5);
    List<Row> made = new ArrayList<>();
    for (int id = 0; id < rows; id++) {
      Float[] vector = new Float[Groups.DIMENSION];
      Arrays.setAll(vector, i -> (float) random.nextGaussian());
      made.add(RowFactory.create(id, "Satz " + id, vector, 0));
    }
    return made;
  }

  @Test
  void anotherSeedEndsElsewhereWhereThereAreNoGroups() {
    var table = Groups.table(noise(300), 1);
    var settings =
        new ClusteringSettings(
            new KChoice.Fixed(8), Algorithm.KMEANS, Distance.COSINE, 0, 4, 20, 1e-4, 2, 1, 100);
    assertThat(Groups.fit(table, settings).cost())
        .isNotCloseTo(Groups.fit(table, Groups.settings(8)).cost(), within(1e-9));
  }

  @Test
  void moreRestartsNeverCostMoreAndAtTimesLess() {
    var table = Groups.table(noise(300), 1);
    List<Double> saved = new ArrayList<>();
    for (long seed = 1; seed <= 4; seed++) {
      saved.add(cost(table, seed, 1) - cost(table, seed, 4));
    }
    assertThat(saved).allMatch(each -> each >= 0).anyMatch(each -> each > 0);
  }

  private static double cost(Dataset<Row> table, long seed, int restarts) {
    var once = Groups.settings(8);
    return Groups.fit(
            table,
            new ClusteringSettings(
                once.k(), once.algorithm(), once.distance(), 0, seed, 20, 1e-4, 2, restarts, 100))
        .cost();
  }

  @Test
  void costIsTheSumOfSquaredDistances() {
    var table = Groups.table(Groups.rows(3, 60), 1);
    var result = Groups.fit(table, Groups.settings(3));
    double sum =
        Groups.assigned(result.clusters(), table).stream()
            .mapToDouble(row -> 2 * row.getDouble(3))
            .sum();
    assertThat(result.cost()).isCloseTo(sum, within(1e-6));
  }

  @Test
  void theBestSilhouetteChoosesK() {
    var table = Groups.table(Groups.rows(4, 120), 2);
    var result = Groups.fit(table, settings(new KChoice.BestOf(List.of(6, 4, 2))));
    assertThat(result.clusters().info().clusters()).isEqualTo(4);
    assertThat(result.scanned()).extracting(ScannedK::k).containsExactly(2, 4, 6);
    assertThat(result.scannedRows()).isEqualTo(120);
  }

  @Test
  void autoFindsTheGroupsAndTriesNoMoreThanThereAreVectors() {
    var result = Groups.fit(Groups.table(Groups.rows(5, 10), 2), settings(new KChoice.Auto()));
    assertThat(result.scanned())
        .extracting(ScannedK::k)
        .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(result.clusters().info().clusters()).isEqualTo(5);
  }

  private static ClusteringSettings settings(KChoice k) {
    return Groups.settings(k, Algorithm.KMEANS, Distance.COSINE, 0);
  }

  @Test
  void fewerDistinctVectorsThanKAreRefused() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(Groups.row(i, "", 1f, i % 7f));
    }
    assertThatThrownBy(() -> Groups.fit(Groups.table(rows, 2), Groups.settings(20)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot cluster: k = 20, but found only 7 distinct vectors");
  }

  @Test
  void morePrincipalComponentsThanDimensionsAreRefused() {
    var settings = Groups.settings(new KChoice.Fixed(2), Algorithm.KMEANS, Distance.COSINE, 7);
    assertThatThrownBy(() -> Groups.fit(Groups.table(Groups.rows(2, 4), 1), settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot reduce to 7 principal components: embeddings have 6 dimensions");
  }

  @Test
  void fewerClustersThanKAreCountedAsTheyAre() {
    List<Row> rows = new ArrayList<>(Collections.nCopies(200, Groups.row(0, "", 1f, 0f)));
    rows.addAll(List.of(Groups.row(1, "", 0f, 1f), Groups.row(2, "", 0.001f, 1f)));
    var table = Groups.table(rows, 1);
    var clusters = Groups.fit(table, Groups.settings(3)).clusters();
    assertThat(clusters.info().clusters()).isBetween(2, 3);
    assertThat(clusters.model().centroids()).hasSize(clusters.info().clusters());
  }
}
