package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;

/** Other settings of the cluster job, and what it refuses. */
class ClusterSettingsTest {
  @TempDir private static Path shared;
  @TempDir private Path folder;

  /** Four distinct embeddings. */
  @BeforeAll
  static void writeTable() {
    ClusterTable.writeDistinct(shared.resolve("four"), 4, 12);
  }

  @Test
  void embeddingsOfTheEmbedJobAreClusteredAsTheyAreAndAnOlderResultReplaced() throws IOException {
    ClusterRun.embedTexts(folder);
    ClusterRun run = new ClusterRun(folder.resolve("out"), folder.resolve("clusters"));
    ClusterTable.writeDistinct(run.output(), 1, 1);
    run.refused(
        "Cannot write table: %s exists; choose another output or --mode overwrite"
            .formatted(run.output()));
    JobRun done =
        run.succeeded(
            "--mode=overwrite",
            "--k=2,3",
            "--algorithm=bisecting",
            "--distance=euclidean",
            "--pca=2",
            "--seed=7",
            "--restarts=1",
            "--max-iterations=3");
    assertThat(run.output().toFile().list()).noneMatch(name -> name.endsWith(".parquet"));
    assertThat(done.out().get(0))
        .containsPattern(
            "Clusters  [23]: algorithm bisecting, distance euclidean, k [23],"
                + " k chosen from 2,3, pca 2, seed 7");
    JsonNode quality = quality(run);
    assertThat(quality.get("scanned").findValuesAsText("k")).containsExactly("2", "3");
    assertThat(quality.get("scanned_rows").asInt()).isEqualTo(6);
    assertThat(run.table("assignments").columns())
        .containsExactly(
            "id",
            "text",
            "embedding_status",
            "embedding_tokens",
            "embedding_error",
            "cluster",
            "distance",
            "cluster_rank");
    assertThat(
            run.table("centroids")
                .select(functions.size(functions.col("centroid")))
                .first()
                .getInt(0))
        .isEqualTo(2);
    List<String> before = clusters(run);
    ClusterRun again = new ClusterRun(run.input(), run.output().resolveSibling("again"));
    again.succeeded("--assign=" + run.output(), "--keep-columns=id,text,embedding");
    assertThat(clusters(again)).isEqualTo(before);
    assertThat(quality(again).at("/settings/k_chosen_from").asText()).isEqualTo("an earlier run");
    assertThat(JobRun.of("check", again.output().toString()).code()).isEqualTo(Main.SUCCEEDED);
    for (String earlier : List.of("", "/model")) {
      again.refused(
          "Cannot write table: %s %s the input file:%s; choose another output"
              .formatted(
                  again.output(), earlier.isEmpty() ? "is" : "holds", again.output() + earlier),
          "--mode=overwrite",
          "--assign=" + again.output() + earlier);
    }
    assertThat(clusters(again)).isEqualTo(before);
  }

  private static List<String> clusters(ClusterRun run) {
    return run
        .table("assignments")
        .select("id", "cluster", "distance")
        .orderBy("id")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  @Test
  void kIsChosenAmongAsManyAsThereAreDistinctEmbeddings() throws IOException {
    ClusterRun run = new ClusterRun(shared.resolve("four"), folder.resolve("out"));
    JobRun done = run.succeeded("--restarts=1", "--max-iterations=3");
    JsonNode quality = quality(run);
    assertThat(quality.get("scanned").findValuesAsText("k")).containsExactly("2", "3", "4");
    assertThat(quality.at("/settings/k").asText()).isEqualTo("4");
    assertThat(done.out().get(0)).contains("k 4, k chosen from auto, pca none");
    assertThat(quality.get("embeddings").isNull()).as("no model is named").isTrue();
    assertThat(JobRun.of("check", run.output().toString()).code()).isEqualTo(Main.SUCCEEDED);
  }

  @ParameterizedTest
  @CsvSource({"5,5", "'2,6',6"})
  void moreClustersThanDistinctEmbeddingsAreRefused(String asked, int k) {
    new ClusterRun(shared.resolve("four"), folder.resolve("out"))
        .refused(
            "Cannot cluster: k = %d, but found only 4 distinct vectors".formatted(k),
            "--k=" + asked);
    assertThat(folder).as("nothing is left behind").isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --k              | one       | Cannot choose k: it must be auto, a number, or numbers with commas between them, found one
          --k              | 2,,3      | Cannot choose k: it must be auto, a number, or numbers with commas between them, found 2,,3
          --k              | 1         | Cannot choose k: it must be at least 2, found 1
          --k              | 3,0       | Cannot choose k: it must be at least 2, found 0
          --algorithm      | dbscan    | Cannot run: --algorithm must be kmeans or bisecting, found 'dbscan'
          --distance       | manhattan | Cannot run: --distance must be cosine or euclidean, found 'manhattan'
          --mode           | append    | Cannot run: --mode must be error or overwrite, found 'append'
          --seed           | luck      | Cannot run: --seed must be a whole number, found 'luck'
          --pca            | -1        | Cannot run: --pca must be at least 0, found -1
          --restarts       | -1        | Cannot run: --restarts must be at least 0, found -1
          --max-iterations | 0         | Cannot run: --max-iterations must be at least 1, found 0
          --init-steps     | 0         | Cannot run: --init-steps must be at least 1, found 0
          --sample-rows    | 1         | Cannot run: --sample-rows must be at least 2, found 1
          --tolerance      | NaN       | Cannot run: --tolerance must be a number of at least 0, found NaN
          --label-terms    | 0         | Cannot run: --label-terms must be at least 1, found 0
          --exemplars      | 0         | Cannot run: --exemplars must be at least 1, found 0
          --map-points     | 0         | Cannot run: --map-points must be at least 1, found 0
          --map-points     | 3001      | Cannot run: --map-points must be at most 3000, found 3001
          --assign=run --k | 3         | Cannot run: --k does not apply with --assign
          --assign=run --distance | euclidean | Cannot run: --distance does not apply with --assign
          --assign=run --restarts | 2  | Cannot run: --restarts does not apply with --assign
          --algorithm=bisecting --tolerance | 0.1 | Cannot run: --tolerance does not apply with --algorithm bisecting
          --algorithm=bisecting --init-steps | 3  | Cannot run: --init-steps does not apply with --algorithm bisecting
          --assign         | ' '       | Cannot run: --assign must not be blank, found ' '
          --summary-json   | src       | Cannot run: --summary-json must be a file that can be written, found src
          """)
  void aValueOutOfRangeIsSaid(String option, String value, String message) {
    JobRun run =
        JobRun.withoutSpark(
            new ClusterRun(folder.resolve("in"), folder.resolve("out"))
                .arguments((option + "=" + value).split(" (?=--)", -1)));
    assertThat(run.err()).containsExactly("spark-gbert: " + message);
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --embedding-column=vector | Cannot cluster column 'vector': there is no such column, found [id, text, topic, embedding]
          --embedding-column=text   | Cannot cluster column 'text': it must be an array of floats, found string
          --text-column=body        | Cannot describe clusters by column 'body': there is no such column, found [id, text, topic, embedding]
          --text-column=id          | Cannot describe clusters by column 'id': it must be string, found int
          --label-column=label      | Cannot compare clusters with column 'label': there is no such column, found [id, text, topic, embedding]
          --keep-columns=id,lang    | Cannot keep column 'lang': there is no such column, found [id, text, topic, embedding]
          --pca=33                  | Cannot reduce to 33 principal components: embeddings have 32 dimensions
          --where=id<0              | Cannot read corpus %s: it has no rows where id<0
          --assign=src              | Cannot read cluster model src: there is no cluster_model.json
          """)
  void whatTheTableLacksIsSaid(String option, String message) {
    new ClusterRun(shared.resolve("four"), folder.resolve("out"))
        .refused(message.replace("%s", shared.resolve("four").toString()), option);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aColumnOfTheResultIsRefusedOnlyWhereItIsKept() {
    Path clash = folder.resolve("clash");
    TestSpark.session()
        .read()
        .parquet(shared.resolve("four").toString())
        .withColumn("Cluster", functions.lit("Berlin"))
        .withColumn("distance", functions.lit(7))
        .write()
        .parquet(clash.toString());
    ClusterRun run = new ClusterRun(clash, folder.resolve("out"));
    String taken = "Cannot add column cluster: the table already has one; rename it";
    run.refused(taken + ", or leave it out with --keep-columns");
    run.refused(taken + ", or leave it out with --keep-columns", "--keep-columns=id,Cluster");
    run.refused(taken, "--keep-columns=id", "--label-column=Cluster");
    assertThat(List.of(folder.toFile().list())).containsExactly("clash");
    run.succeeded("--k=4", "--restarts=1", "--keep-columns=id");
    ClusterRun without = new ClusterRun(shared.resolve("four"), folder.resolve("without"));
    without.succeeded("--k=4", "--restarts=1", "--keep-columns=id");
    assertThat(run.table("assignments").columns())
        .containsExactly("id", "cluster", "distance", "cluster_rank");
    assertThat(clusters(run)).isEqualTo(clusters(without));
  }

  private static JsonNode quality(ClusterRun run) throws IOException {
    return JsonMapper.builder().build().readTree(run.output().resolve("quality.json").toFile());
  }
}
