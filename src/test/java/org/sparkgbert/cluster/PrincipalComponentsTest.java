package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.Silently;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;

/** Rows across the principal components, which have no direction there. */
class PrincipalComponentsTest {
  private static final String ACROSS =
      " by cosine distance: found 2 rows without a direction in 1 principal component; find"
          + " clusters with a larger --pca, or with --distance euclidean";

  /** Along the first axis, both ways. */
  private static List<Row> along() {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < 40; id++) {
      rows.add(Groups.row(id, "Satz", id % 2 == 0 ? 1f : -1f, 0.01f * (id / 2 % 3), 0f));
    }
    return rows;
  }

  /** The same, and two rows along the third. */
  private static List<Row> across() {
    List<Row> rows = along();
    rows.add(Groups.row(40, "Satz", 0f, 0f, 0.5f));
    rows.add(Groups.row(41, "Satz", 0f, 0f, -0.5f));
    return rows;
  }

  private static ClusteringSettings settings(Algorithm algorithm, Distance distance, int axes) {
    return Groups.settings(new KChoice.Fixed(2), algorithm, distance, axes);
  }

  @ParameterizedTest
  @CsvSource({"KMEANS,false", "KMEANS,true", "BISECTING,false"})
  void rowsAcrossAreRefusedWithTheirNumber(Algorithm algorithm, boolean many) {
    var embeddings = Groups.check(Groups.table(across(), 2), Distance.COSINE);
    try (VectorLayout vectors =
        many ? SparkVectors.distribute(embeddings) : VectorLayout.of(embeddings)) {
      assertThatThrownBy(() -> Groups.fit(vectors, settings(algorithm, Distance.COSINE, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot cluster" + ACROSS);
    }
  }

  @ParameterizedTest
  @CsvSource({"EUCLIDEAN,1", "COSINE,3"})
  void theRemediesHelp(Distance distance, int axes) {
    var table = Groups.table(across(), 2);
    var clusters = Groups.fit(table, settings(Algorithm.KMEANS, distance, axes)).clusters();
    assertThat(Groups.assigned(clusters, table)).noneMatch(row -> row.isNullAt(2));
  }

  @Test
  void rowsAcrossTheComponentsOfAnEarlierRunAreRefused(@TempDir Path folder) {
    var found =
        Groups.fit(Groups.table(along(), 1), settings(Algorithm.KMEANS, Distance.COSINE, 1));
    String model = folder.resolve("model").toString();
    ClusterModelFiles.save(found.clusters(), model, TestSpark.session());
    Groups.table(across(), 2).write().parquet(folder.resolve("in").toString());
    var action =
        new FindClusters(
            ClusterSettings.of(
                Map.of(
                    "input", folder.resolve("in").toString(),
                    "output", folder.resolve("out").toString(),
                    "assign", model)));
    assertThatThrownBy(() -> Silently.run(() -> action.run(TestSpark.session(), Progress.NONE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot assign clusters" + ACROSS);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("in", "model");
  }

  /** A vector of ones would be across the first component of these rows. */
  @Test
  void aRowWithoutAVectorTakesAPlaceOnTheFirstComponent() {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < 8; id++) {
      float side = id % 2 == 0 ? 1 : -1;
      rows.add(Groups.row(id, "Satz", side, -side, 0.1f * (id % 4 < 2 ? 1 : -1)));
    }
    rows.add(Groups.row(8, "Satz", (Float[]) null));
    var table = Groups.table(rows, 1);
    var clusters = Groups.fit(table, settings(Algorithm.KMEANS, Distance.COSINE, 2)).clusters();
    Row none =
        clusters
            .located(Groups.check(table, Distance.COSINE))
            .where("row.id = 8")
            .select(clusters.model().featuresColumn(), "cluster")
            .head();
    assertThat(none.<Vector>getAs(0).toArray()).containsExactly(new double[] {1, 0}, within(1e-6));
    assertThat(none.isNullAt(1)).isTrue();
  }
}
