package org.sparkgbert.cluster;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** One pass over the rows finds what queries of Spark find. */
class ClusterSummaryTest {
  private static final int CLUSTERS = 3;
  private static final long SEED = 5;

  /** Many rows have the same few texts, some none, and some are equal. */
  private static List<Row> rows() {
    Random random = new Random(23);
    List<String> texts =
        List.of(
            "Hund", " Hund ", "Katze", "", "  ", "\uFF21", "\uD835\uDC00", "Maus", "Fuchs", "Reh");
    List<Row> rows = new ArrayList<>();
    for (Row row : Groups.rows(CLUSTERS, 300)) {
      int text = random.nextInt(texts.size() + 1);
      rows.add(
          Groups.row(
              row.getInt(0), text < texts.size() ? texts.get(text) : null, (Float[]) row.get(2)));
    }
    rows.addAll(rows.subList(0, 20));
    rows.add(Groups.row(400, "ohne Vektor", (Float[]) null));
    return rows;
  }

  private final Dataset<Row> table = Groups.table(rows(), 4);
  private final FittedClusters clusters = Groups.fit(table, Groups.settings(CLUSTERS)).clusters();
  private final Dataset<Row> located =
      clusters
          .located(embeddings(table))
          .where("cluster is not null")
          .withColumn("text", col("row").getField("text"))
          .withColumn("start", trim(col("text")))
          .cache();

  private static CheckedEmbeddings embeddings(Dataset<Row> table) {
    return Groups.check(table, Distance.COSINE);
  }

  private ClusterSummary summary(Dataset<Row> rows, int exemplars, int points) {
    return ClusterSummary.of(clusters, embeddings(rows), "text", exemplars, points, SEED);
  }

  @Test
  void sizesAndCohesionsAreThoseOfSpark() {
    ClusterSummary summary = summary(table, 1, 1);
    List<Row> expected =
        located
            .groupBy("cluster")
            .agg(count(lit(1)), avg("similarity"))
            .orderBy("cluster")
            .collectAsList();
    assertThat(expected).hasSize(CLUSTERS).hasSize(summary.clusters());
    for (Row row : expected) {
      assertThat(summary.size(row.getInt(0))).isEqualTo(row.getLong(1));
      assertThat(summary.cohesion(row.getInt(0))).isCloseTo(row.getDouble(2), within(1e-12));
    }
    long characters = located.agg(sum(functions.length(col("text")))).head().getLong(0);
    assertThat(summary.characters()).isEqualTo(characters);
  }

  @Test
  void exemplarsAreThoseOfSparkWhateverThePartitions() {
    for (int most : new int[] {1, 3, 100}) {
      ClusterSummary one = summary(table.coalesce(1), most, 1);
      ClusterSummary other = summary(table.repartition(6), most, 1);
      for (int cluster = 0; cluster < CLUSTERS; cluster++) {
        assertThat(one.exemplars(cluster)).isEqualTo(nearest(cluster, most)).hasSizeLessThan(9);
        assertThat(other.exemplars(cluster)).isEqualTo(one.exemplars(cluster));
      }
    }
  }

  private List<String> nearest(int cluster, int most) {
    var byDistance = Window.orderBy(col("nearest"), col("start"));
    return located
        .where(col("cluster").equalTo(cluster).and(functions.length(col("start")).gt(0)))
        .groupBy("start")
        .agg(min("distance").as("nearest"))
        .withColumn("rank", row_number().over(byDistance))
        .where(col("rank").leq(most))
        .orderBy("rank")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void theSampleIsThatOfSparkWhateverThePartitions() {
    for (int points : new int[] {1, 40, 1_000}) {
      List<SampledRow> sample = summary(table.coalesce(1), 1, points).sample();
      assertThat(texts(summary(table.repartition(6), 1, points).sample())).isEqualTo(texts(sample));
      double share = 1.2 * points / (rows().size() - 1);
      List<Row> expected =
          located
              .withColumn("hash", xxhash64(lit(SEED), col("text"), col("embedding")))
              .where(VectorLayout.isInSample(col("hash"), share))
              .dropDuplicates("hash")
              .orderBy("hash")
              .limit(points)
              .select(col("cluster"), col("start"), col(clusters.model().featuresColumn()))
              .collectAsList();
      assertThat(sample).hasSameSizeAs(expected);
      for (int i = 0; i < sample.size(); i++) {
        Row row = expected.get(i);
        assertThat(sample.get(i).cluster()).isEqualTo(row.getInt(0));
        assertThat(sample.get(i).text()).isEqualTo(row.isNullAt(1) ? "" : row.getString(1));
        assertThat(sample.get(i).vector()).isEqualTo(row.<Vector>getAs(2).toArray());
      }
    }
  }

  private static List<String> texts(List<SampledRow> sample) {
    return sample.stream().map(row -> row.cluster() + " " + row.text()).toList();
  }

  @Test
  void aMissingTextColumnIsRefused() {
    CheckedEmbeddings embeddings = embeddings(table);
    assertThatThrownBy(() -> ClusterSummary.of(clusters, embeddings, "absent", 1, 1, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot describe clusters by column 'absent'");
  }
}
