package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingProvenance;

/** What the cluster job writes and says of three clear groups; a second run takes them up. */
class ClusterJobTest {
  @TempDir private static Path folder;

  private static EmbeddingProvenance tiny;
  private static JobRun run;
  private static JobRun assigned;

  @BeforeAll
  static void cluster() {
    tiny = ClusterRun.embedTexts(folder.resolve("embedded"));
    ClusterTable.write(folder.resolve("in"), tiny);
    run =
        new ClusterRun(folder.resolve("in"), folder.resolve("out"))
            .succeeded("--k=3", "--restarts=1", "--label-column=topic", "--exemplars=3");
    assigned =
        new ClusterRun(folder.resolve("in"), folder.resolve("again"))
            .succeeded(
                "--assign=" + folder.resolve("out"),
                "--keep-columns=id",
                "--summary-json=" + folder.resolve("summary.json"));
  }

  @Test
  void rowsOfATopicAreInOneClusterOfTheirOwn() {
    Dataset<Row> table = read("out/assignments");
    assertThat(table.columns())
        .containsExactly("id", "text", "topic", "cluster", "distance", "cluster_rank");
    assertThat(table.count()).isEqualTo(ClusterTable.ROWS);
    Map<String, Set<Integer>> clusters = new TreeMap<>();
    for (Row row : table.where("cluster is not null").collectAsList()) {
      clusters
          .computeIfAbsent(row.getAs("topic"), topic -> new HashSet<>())
          .add(row.getAs("cluster"));
    }
    assertThat(clusters).hasSize(3).allSatisfy((topic, of) -> assertThat(of).hasSize(1));
    assertThat(clusters.values().stream().flatMap(Set::stream)).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void rowsWithoutAUsableEmbeddingHaveNoCluster() {
    Dataset<Row> none = read("out/assignments").where("cluster is null");
    assertThat(none.count()).isEqualTo(ClusterTable.UNUSABLE_ROWS);
    assertThat(none.where("distance is not null or cluster_rank is not null").count()).isZero();
  }

  @Test
  void ranksCountFromTheNearestRow() {
    Map<Integer, Double> last = new TreeMap<>();
    Map<Integer, Integer> ranks = new TreeMap<>();
    for (Row row :
        read("out/assignments")
            .where("cluster is not null")
            .orderBy("cluster", "cluster_rank")
            .collectAsList()) {
      int cluster = row.getAs("cluster");
      double distance = row.getAs("distance");
      assertThat(row.<Integer>getAs("cluster_rank"))
          .isEqualTo(ranks.merge(cluster, 1, Integer::sum));
      assertThat(distance).isBetween(last.getOrDefault(cluster, -1e-9), 0.1);
      last.put(cluster, distance);
    }
    assertThat(ranks).hasSize(3);
  }

  @Test
  void clustersAreDescribedInOneFile() throws IOException {
    List<Row> clusters = read("out/clusters").orderBy("cluster").collectAsList();
    assertThat(dataFiles("out/clusters")).hasSize(1);
    assertThat(read("out/clusters").columns())
        .containsExactly(
            "cluster",
            "size",
            "cohesion",
            "nearest_cluster",
            "nearest_similarity",
            "labels",
            "exemplars");
    assertThat(clusters.stream().mapToLong(row -> row.getAs("size")).sum())
        .isEqualTo(ClusterTable.ROWS - ClusterTable.UNUSABLE_ROWS);
    for (Row row : clusters) {
      assertThat(row.<Double>getAs("cohesion")).isBetween(0.97, 1.0);
      assertThat(row.<Integer>getAs("nearest_cluster")).isNotEqualTo(row.<Integer>getAs("cluster"));
      assertThat(row.getList(row.fieldIndex("exemplars"))).isNotEmpty().hasSizeLessThan(4);
    }
    assertThat(clusters.stream().map(row -> row.<String>getList(5)))
        .anySatisfy(words -> assertThat(words).contains("Stürmer", "Tor", "Trainer"))
        .anySatisfy(words -> assertThat(words).contains("Teig", "Kuchen", "Ofen"))
        .anySatisfy(words -> assertThat(words).startsWith("Regen"));
  }

  @Test
  void centroidsAreUnitVectorsInOneFile() throws IOException {
    assertThat(dataFiles("out/centroids")).hasSize(1);
    List<Row> centroids = read("out/centroids").orderBy("cluster").collectAsList();
    assertThat(centroids).extracting(row -> row.getInt(0)).containsExactly(0, 1, 2);
    for (Row row : centroids) {
      List<Double> centroid = row.getList(1);
      assertThat(centroid).hasSize(32);
      assertThat(centroid.stream().mapToDouble(x -> x * x).sum()).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void everyPartSaysWhatMadeIt() throws IOException {
    for (String part : List.of("assignments", "clusters", "centroids")) {
      DerivedProvenance made =
          DerivedProvenance.of(read("out/" + part).schema().apply("cluster")).orElseThrow();
      assertThat(made.embeddings()).containsExactly(tiny);
      assertThat(made.measure())
          .isEqualTo("algorithm kmeans, distance cosine, k 3, pca none, seed 42");
      JsonNode manifest = json("out/" + part + "/_embedding_run.json");
      assertThat(manifest.at("/derived/cluster/embeddings/0/model").asText())
          .isEqualTo("tiny-bert");
    }
    assertThat(json("out/model/cluster_model.json").at("/embeddings/model").asText())
        .isEqualTo("tiny-bert");
    assertThat(json("out/quality.json").at("/embeddings/bundle_checksum").asText())
        .isEqualTo(tiny.bundleChecksum());
  }

  @Test
  void qualityIsWrittenWithNamesInSnakeCase() throws IOException {
    JsonNode quality = json("out/quality.json");
    List<String> names = new ArrayList<>();
    names(quality, names);
    assertThat(names).isNotEmpty().allMatch(name -> name.matches("[a-z0-9_]+"));
    assertThat(quality.get("settings").toString())
        .isEqualTo(
            "{\"algorithm\":\"kmeans\",\"distance\":\"cosine\",\"k\":\"3\",\"pca\":\"none\",\"seed\":\"42\"}");
    assertThat(quality.get("counts").toString())
        .isEqualTo(
            "{\"rows\":%d,\"missing\":1,\"not_finite\":1,\"zero\":1,\"dimension\":32}"
                .formatted(ClusterTable.ROWS));
    assertThat(quality.at("/quality/silhouette").asDouble()).isBetween(0.95, 1.0);
    assertThat(quality.at("/quality/agreement/label_column").asText()).isEqualTo("topic");
    for (String measure :
        List.of("v_measure", "homogeneity", "completeness", "adjusted_rand_index")) {
      assertThat(quality.at("/quality/agreement/" + measure).asDouble())
          .as(measure)
          .isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void theConsoleSaysWhatWasFound() {
    assertThat(run.err()).isEmpty();
    assertThat(run.out().get(0))
        .isEqualTo("Clusters  3: algorithm kmeans, distance cosine, k 3, pca none, seed 42");
    assertThat(run.output())
        .containsPattern("\\R +[012] +16 rows  Regen")
        .contains("\nRows      39, 3 without a usable embedding\n")
        .containsPattern("\nQuality   silhouette 0\\.9\\d+ on 36 rows: strong structure\n")
        .contains(
            "\nAgreement with topic: V-measure 1.0000, homogeneity 1.0000, completeness 1.0000")
        .endsWith("\nReport    %s/report.html".formatted(folder.resolve("out")));
  }

  @Test
  void textsOfTheCorpusAreNothingButTextInTheReport() throws IOException {
    String html = Files.readString(folder.resolve("out/report.html"));
    String data =
        StringUtils.substringBetween(
            html, "<script type=\"application/json\" id=\"data\">", "</script>");
    String page = html.replace(data, "");
    assertThat(page.contains("alert(")).as("outside the data").isFalse();
    assertThat(data).doesNotContain("<", "\0").hasSizeLessThan(20_000);
    JsonNode points = JsonMapper.builder().build().readTree(data).get("points");
    assertThat(points).extracting(point -> point.get(3).asText()).contains(ClusterTable.SCRIPT, "");
    assertThat(page.contains("chosen from")).as("k was given").isFalse();
    assertThat(List.of("tiny-bert", "V-measure", "kmeans")).allMatch(page::contains);
  }

  @Test
  void onlyWhatIsFinishedStaysAndTheCheckFindsItValid() throws IOException {
    assertThat(visible("out"))
        .containsExactlyInAnyOrder(
            "_embedding_run.json",
            "assignments",
            "centroids",
            "clusters",
            "model",
            "quality.json",
            "report.html");
    assertThat(visible(""))
        .containsExactlyInAnyOrder("again", "embedded", "in", "out", "summary.json");
    for (String directory : List.of("out", "again")) {
      JobRun check = JobRun.of("check", path(directory));
      assertThat(check.err()).isEmpty();
      assertThat(check.output()).contains("is valid: 39 rows");
      assertThat(check.code()).isEqualTo(Main.SUCCEEDED);
    }
  }

  @Test
  void earlierClustersTakeRowsAsTheyDidThen() {
    Dataset<Row> again = read("again/assignments");
    assertThat(again.columns()).containsExactly("id", "cluster", "distance", "cluster_rank");
    assertThat(rows(again, "id", "cluster", "distance"))
        .isEqualTo(rows(read("out/assignments"), "id", "cluster", "distance"));
    assertThat(rows(read("again/clusters"), "cluster", "size", "cohesion", "labels"))
        .isEqualTo(rows(read("out/clusters"), "cluster", "size", "cohesion", "labels"));
    assertThat(rows(read("again/centroids"), "cluster", "centroid"))
        .isEqualTo(rows(read("out/centroids"), "cluster", "centroid"));
  }

  @Test
  void wordsAreCountedOnlyWhereTheEarlierRunHasNone(@TempDir Path elsewhere) throws IOException {
    ClusterRun next = new ClusterRun(folder.resolve("in"), elsewhere.resolve("next"));
    next.refused(
        "Cannot run: --label-terms does not apply with --assign, which takes the words of the"
            + " earlier run",
        "--assign=" + folder.resolve("out"),
        "--label-terms=1");
    FileUtils.copyDirectory(folder.resolve("out/model").toFile(), elsewhere.resolve("m").toFile());
    next.succeeded("--assign=" + elsewhere.resolve("m"), "--label-terms=1");
    List<Row> earlier = read("out/clusters").orderBy("cluster").collectAsList();
    List<Row> words = next.table("clusters").orderBy("cluster").collectAsList();
    for (int cluster = 0; cluster < 3; cluster++) {
      assertThat(words.get(cluster).<String>getList(5))
          .isEqualTo(earlier.get(cluster).<String>getList(5).subList(0, 1));
    }
  }

  @Test
  void aRunWithEarlierClustersSaysSo() throws IOException {
    assertThat(assigned.out().get(0))
        .isEqualTo(
            "Clusters  3: algorithm kmeans, distance cosine, k 3, k chosen from an earlier run,"
                + " pca none, seed 42");
    assertThat(assigned.output()).doesNotContain("Agreement").contains("silhouette 0.9");
    JsonNode quality = json("again/quality.json");
    assertThat(quality.at("/settings/k_chosen_from").asText()).isEqualTo("an earlier run");
    assertThat(quality.at("/scanned")).isEmpty();
    assertThat(quality).isEqualTo(json("summary.json"));
    assertThat(quality.get("earlier_model").asText()).isEqualTo(path("out/model"));
    assertThat(Files.readString(folder.resolve("again/report.html")).contains("an earlier run"))
        .as("in the report")
        .isTrue();
  }

  @Test
  void embeddingsOfAnotherModelAreRefusedAndBothModelsNamed(@TempDir Path elsewhere) {
    Path other = elsewhere.resolve("other");
    ClusterTable.write(other, ClusterRun.ofModel(tiny, "tiny-other", "f00d"));
    new ClusterRun(other, elsewhere.resolve("out"))
        .refused(
            "Cannot assign clusters: what they were found on was made by tiny-bert (identity %s), found tiny-other (identity f00d) in the input"
                .formatted(tiny.modelIdentity().substring(0, 12)),
            "--assign=" + folder.resolve("out/model"));
    assertThat(elsewhere.toFile().list()).containsExactly("other");
  }

  private static Dataset<Row> read(String name) {
    return TestSpark.session().read().parquet(path(name));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static JsonNode json(String name) throws IOException {
    return JsonMapper.builder().build().readTree(folder.resolve(name).toFile());
  }

  private static List<String> rows(Dataset<Row> table, String first, String... more) {
    return table.select(first, more).orderBy(first).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }

  private static void names(JsonNode node, List<String> names) {
    node.fieldNames().forEachRemaining(names::add);
    node.forEach(child -> names(child, names));
  }

  private static List<String> visible(String directory) throws IOException {
    return list(directory, name -> !name.endsWith(".crc"));
  }

  private static List<String> dataFiles(String directory) throws IOException {
    return list(directory, name -> name.endsWith(".parquet"));
  }

  private static List<String> list(String directory, Predicate<String> kept) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(directory))) {
      return files.map(file -> file.getFileName().toString()).filter(kept).toList();
    }
  }
}
