package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;

class FittedClustersTest {
  private static final Float NAN = Float.NaN;

  @Test
  void rowsWithoutAUsableEmbeddingAreCountedAndGetNoCluster() {
    List<Row> rows = new ArrayList<>(Groups.rows(2, 20));
    rows.add(RowFactory.create(100, null, null, -1));
    rows.add(Groups.row(101, "", 1f, null, 0f, 0f, 0f, 0f));
    rows.add(Groups.row(102, "", 0f, 0f, 0f, 0f, 0f, 0f));
    rows.add(Groups.row(103, "", NAN, 0f, 0f, 0f, 0f, 0f));
    rows.add(Groups.row(104, "", Float.NEGATIVE_INFINITY, 0f, 0f, 0f, 0f, 0f));
    var table = Groups.table(rows, 3);
    assertThat(Groups.check(table, Distance.COSINE).counts())
        .isEqualTo(new VectorCounts(25, 2, 2, 1, 6));
    List<Row> assigned = Groups.assigned(Groups.fit(table, Groups.settings(2)).clusters(), table);
    assertThat(assigned).hasSize(25);
    assertThat(assigned.subList(0, 20)).noneMatch(Row::anyNull);
    assertThat(assigned.subList(20, 25))
        .allMatch(row -> row.isNullAt(2) && row.isNullAt(3) && row.isNullAt(4));
  }

  @Test
  void zeroVectorsHaveAPlaceButNoDirection() {
    var rows = List.of(Groups.row(0, "", 0f, 0f), Groups.row(1, "", 5f, 5f));
    var table = Groups.table(rows, 1);
    var settings = Groups.settings(new KChoice.Fixed(2), Algorithm.KMEANS, Distance.EUCLIDEAN, 0);
    assertThat(Groups.check(table, Distance.EUCLIDEAN).counts().zero()).isZero();
    assertThat(Groups.assigned(Groups.fit(table, settings).clusters(), table))
        .allMatch(row -> row.getDouble(3) == 0);
  }

  @Test
  void theNearestToACentroidComesFirst() {
    var table = Groups.table(Groups.rows(2, 40), 2);
    List<Row> assigned = Groups.assigned(Groups.fit(table, Groups.settings(2)).clusters(), table);
    for (int cluster = 0; cluster < 2; cluster++) {
      int number = cluster;
      List<Row> members =
          assigned.stream()
              .filter(row -> row.getInt(2) == number)
              .sorted((a, b) -> Integer.compare(a.getInt(4), b.getInt(4)))
              .toList();
      assertThat(members)
          .extracting(row -> row.getInt(4))
          .isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
      assertThat(members)
          .isSortedAccordingTo((a, b) -> Double.compare(a.getDouble(3), b.getDouble(3)));
    }
  }

  @Test
  void ranksOfEqualVectorsDoNotDependOnPartitions() {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < 30; id++) {
      rows.add(Groups.row(id, "Satz " + id, id % 2f, 1f));
    }
    var clusters = Groups.fit(Groups.table(rows, 1), Groups.settings(2)).clusters();
    assertThat(Groups.assigned(clusters, Groups.table(reversed(rows), 4)))
        .isEqualTo(Groups.assigned(clusters, Groups.table(rows, 1)));
  }

  @Test
  void fewRowsOfOneTaskAreNotShuffled() {
    List<Row> rows = Groups.rows(2, 30);
    var clusters = Groups.fit(Groups.table(rows, 1), Groups.settings(2)).clusters();
    var one = Groups.check(Groups.table(rows, 1), Distance.COSINE);
    var three = Groups.check(Groups.table(rows, 3), Distance.COSINE);
    assertThat(List.of(one.partitions(), three.partitions())).containsExactly(1, 3);
    assertThat(three.together()).isSameAs(three);
    var together = clusters.assign(one.together());
    assertThat(together.rdd().getNumPartitions()).isEqualTo(1);
    assertThat(together.queryExecution().executedPlan().toString()).doesNotContain("Exchange");
    assertThat(together.orderBy("id").collectAsList())
        .isEqualTo(clusters.assign(three).orderBy("id").collectAsList());
  }

  private static List<Row> reversed(List<Row> rows) {
    List<Row> turned = new ArrayList<>(rows);
    Collections.reverse(turned);
    return turned;
  }

  @Test
  void cosineIgnoresTheLengthOfVectors() {
    List<Row> rows = Groups.rows(3, 60);
    List<Row> longer =
        rows.stream()
            .map(row -> RowFactory.create(row.get(0), row.get(1), times(row, 3), row.get(3)))
            .toList();
    var clusters = Groups.fit(Groups.table(rows, 1), Groups.settings(3)).clusters();
    var expected = Groups.assigned(clusters, Groups.table(rows, 1));
    var found = Groups.assigned(clusters, Groups.table(longer, 1));
    for (int i = 0; i < rows.size(); i++) {
      assertThat(found.get(i).getInt(2)).isEqualTo(expected.get(i).getInt(2));
      assertThat(found.get(i).getDouble(3)).isCloseTo(expected.get(i).getDouble(3), within(1e-6));
    }
  }

  private static Float[] times(Row row, float factor) {
    return Stream.of((Float[]) row.get(2)).map(value -> factor * value).toArray(Float[]::new);
  }

  @Test
  void columnsAreKeptWithTheirMetadata() {
    var table = Groups.table(Groups.rows(2, 10), 1).withColumnRenamed("text", "a.text");
    var clusters = Groups.fit(table, Groups.settings(2)).clusters();
    var assigned = clusters.assign(Groups.check(table, Distance.COSINE));
    assertThat(assigned.columns())
        .containsExactly(
            "id", "a.text", "embedding", "group", "cluster", "distance", "cluster_rank");
    assertThat(assigned.count()).isEqualTo(10);
  }

  @Test
  void aTakenColumnIsRefused() {
    var table = Groups.table(Groups.rows(2, 10), 1);
    var clusters = Groups.fit(table, Groups.settings(2)).clusters();
    var taken = Groups.check(table.withColumnRenamed("id", "Cluster"), Distance.COSINE);
    assertThatThrownBy(() -> clusters.assign(taken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add column cluster: the table already has one; rename it");
  }

  @Test
  void differentDimensionsAreRefused() {
    var rows = List.of(Groups.row(0, "", 1f, 2f), Groups.row(1, "", 1f, 2f, 3f));
    assertThatThrownBy(() -> Groups.check(Groups.table(rows, 1), Distance.COSINE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot cluster: embeddings in column 'embedding' must have the same dimension,"
                + " found 2 and 3");
  }

  @Test
  void aTableWithoutUsableEmbeddingsIsRefused() {
    var table = Groups.table(List.of(Groups.row(0, "", 0f, 0f)), 1);
    assertThatThrownBy(() -> Groups.check(table, Distance.COSINE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot cluster: no row has a usable embedding in column 'embedding', found 1 row");
  }

  @Test
  void aColumnOfTextsIsRefused() {
    var table = TestSpark.texts(List.of("a"), 1);
    assertThatThrownBy(() -> CheckedEmbeddings.of(table, "text", Distance.COSINE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot cluster column 'text': it must be an array of floats, found string");
  }

  @Test
  void theSilhouetteOfGroupsFarApartIsHighAndSaysItsRows() {
    var table = Groups.table(Groups.rows(3, 60), 2);
    var settings = Groups.settings(new KChoice.Fixed(3), Algorithm.KMEANS, Distance.COSINE, 3);
    try (var vectors = VectorLayout.of(Groups.check(table, Distance.COSINE))) {
      var clusters = Groups.fit(vectors, settings).clusters();
      ClusterQuality quality = clusters.quality(vectors, 1_000, 1);
      assertThat(quality.silhouette()).isBetween(0.95, 1.0);
      assertThat(quality.silhouetteRows()).isEqualTo(60);
      assertThat(clusters.quality(vectors, 30, 1).silhouetteRows()).isBetween(10L, 50L);
    }
  }
}
