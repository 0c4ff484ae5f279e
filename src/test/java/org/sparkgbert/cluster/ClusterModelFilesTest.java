package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;

class ClusterModelFilesTest {
  private static final String MADE =
      "{\"spark_gbert\": {\"model\": \"%s\", \"bundle_checksum\": \"%s\", \"dimension\": 6}}";

  @TempDir private Path directory;

  private final SparkSession spark = TestSpark.session();

  @ParameterizedTest
  @CsvSource({"KMEANS,COSINE,3", "BISECTING,EUCLIDEAN,0"})
  void aLoadedModelAssignsTheSame(Algorithm algorithm, Distance distance, int axes) {
    Dataset<Row> table = Groups.table(Groups.rows(4, 40), 2);
    FittedClusters clusters =
        Groups.fit(table, Groups.settings(new KChoice.Fixed(4), algorithm, distance, axes))
            .clusters();
    ClusterModelFiles.save(clusters, model(), spark);
    FittedClusters loaded = ClusterModelFiles.load(model(), spark);
    assertThat(loaded.info()).isEqualTo(clusters.info());
    assertThat(Groups.assigned(loaded, table)).isEqualTo(Groups.assigned(clusters, table));
  }

  @Test
  void plainMllibAssignsTheSame() {
    Dataset<Row> table = Groups.table(Groups.rows(3, 30), 2);
    FittedClusters clusters = Groups.fit(table, Groups.settings(3)).clusters();
    ClusterModelFiles.save(clusters, model(), spark);
    var plain =
        PipelineModel.load(model() + "/pipeline")
            .transform(
                table.withColumn("vector", functions.array_to_vector(table.col("embedding"))));
    assertThat(plain.orderBy("id").select("cluster").collectAsList())
        .extracting(row -> row.getInt(0))
        .isEqualTo(Groups.assigned(clusters, table).stream().map(row -> row.getInt(2)).toList());
  }

  @Test
  void embeddingsOfAnotherModelAreRefusedByName() {
    Dataset<Row> table = Groups.table(Groups.rows(2, 10), 1);
    FittedClusters clusters = Groups.fit(madeBy(table, "a", "1"), Groups.settings(2)).clusters();
    ClusterModelFiles.save(clusters, model(), spark);
    FittedClusters loaded = ClusterModelFiles.load(model(), spark);
    assertThat(Groups.assigned(loaded, madeBy(table, "a", "1"))).hasSize(10);
    assertThat(Groups.assigned(loaded, table)).hasSize(10);
    assertThat(Groups.assigned(loaded, madeBy(table, "renamed", "1"))).hasSize(10);
    Dataset<Row> made = madeBy(table, "b", "2");
    assertThatThrownBy(() -> Groups.assigned(loaded, made))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot assign clusters: what they were found on was made by a (bundle 1), found b"
                + " (bundle 2) in the input");
  }

  private static Dataset<Row> madeBy(Dataset<Row> table, String model, String checksum) {
    return table.withMetadata("embedding", Metadata.fromJson(MADE.formatted(model, checksum)));
  }

  @Test
  void anotherDimensionOrDistanceIsRefused() {
    Dataset<Row> table = Groups.table(Groups.rows(2, 10), 1);
    FittedClusters clusters = Groups.fit(table, Groups.settings(2)).clusters();
    var shorter = Groups.table(List.of(Groups.row(0, "", 1f, 2f)), 1);
    assertThatThrownBy(() -> Groups.assigned(clusters, shorter))
        .hasMessage("Cannot assign clusters: they are for embeddings of 6 dimensions, found 2");
    var euclidean = Groups.check(table, Distance.EUCLIDEAN);
    assertThatThrownBy(() -> clusters.assign(euclidean))
        .hasMessage("Cannot assign clusters: they are for cosine distance, found euclidean");
  }

  @Test
  void nothingIsReplaced() throws IOException {
    Dataset<Row> table = Groups.table(Groups.rows(3, 30), 1);
    FittedClusters two = Groups.fit(table, Groups.settings(2)).clusters();
    FittedClusters three = Groups.fit(table, Groups.settings(3)).clusters();
    ClusterModelFiles.save(two, model(), spark);
    assertThatThrownBy(() -> ClusterModelFiles.save(three, model(), spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot write cluster model %s: the directory exists", model());
    assertThat(ClusterModelFiles.load(model(), spark).info().clusters()).isEqualTo(2);
    Path letters = Files.createDirectory(directory.resolve("letters"));
    assertThatThrownBy(() -> ClusterModelFiles.save(two, letters.toString(), spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot write cluster model %s: the directory exists", letters);
  }

  @Test
  void aMissingOrDamagedModelIsRefused() throws IOException {
    assertThatThrownBy(() -> ClusterModelFiles.load(model(), spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read cluster model %s: there is no cluster_model.json", model());
    Files.createDirectory(Path.of(model()));
    Files.writeString(Path.of(model(), "cluster_model.json"), "{\"format_version\": 9}");
    assertThatThrownBy(() -> ClusterModelFiles.load(model(), spark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("format_version must be 1, found 9");
  }

  private String model() {
    return directory.resolve("model").toString();
  }
}
