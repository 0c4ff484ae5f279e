package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.Silently;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.settings.Settings;

/** Finds clusters as a Java program does. */
class FindClustersTest {
  private static final int ROWS = 30;

  @TempDir private static Path folder;

  private static FoundClusters found;

  private static final class Heard implements Progress {
    private final List<String> stages = new ArrayList<>();
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void steps(long done, long total, String noun) {
      steps.add(done + " of " + total);
    }

    @Override
    public void begin(String stage) {
      stages.add(stage);
    }
  }

  private static final Heard HEARD = new Heard();

  @BeforeAll
  static void cluster() {
    Groups.table(Groups.rows(3, ROWS), 2).write().parquet(folder.resolve("in").toString());
    FindClusters action =
        new FindClusters(
            ClusterSettings.of(
                settings("out")
                    .with(ClusterOptions.K, new KChoice.BestOf(List.of(2, 3)))
                    .with(ClusterOptions.RESTARTS, 1)
                    .with(ClusterOptions.LABEL_COLUMN, Optional.of("group"))));
    found = Silently.run(() -> action.run(TestSpark.session(), HEARD));
  }

  private static Settings settings(String output) {
    return Settings.NONE
        .with(InputOptions.INPUT, List.of(folder.resolve("in").toString()))
        .with(ClusterOptions.OUTPUT, folder.resolve(output).toString());
  }

  @Test
  void theResultTellsWhatWasFound() {
    ClusterFindings findings = found.findings();
    assertThat(findings.clusters()).isEqualTo(3);
    assertThat(findings.counts().usable()).isEqualTo(ROWS);
    assertThat(findings.scanned()).extracting(ScannedK::k).containsExactly(2, 3);
    assertThat(findings.quality().agreement().vMeasure()).isGreaterThan(0.999);
    assertThat(findings.cards()).extracting(ClusterCard::size).containsExactly(10L, 10L, 10L);
    assertThat(findings.map()).hasSize(ROWS);
    assertThat(findings.labels()).extracting(LabelCounts::total).containsExactly(10L, 10L, 10L);
    assertThat(findings.labels())
        .as("each label is one cluster")
        .allMatch(counts -> Arrays.stream(counts.rows()).filter(rows -> rows > 0).count() == 1);
    assertThat(findings.centroidSimilarities()).hasDimensions(3, 3);
    assertThat(findings.settingsLine())
        .isEqualTo("algorithm kmeans, distance cosine, k 3, k chosen from 2,3, pca none, seed 42");
    assertThat(found.took()).isPositive();
    assertThat(found.warning()).isEmpty();
    assertThat(found.directory()).isEqualTo(folder.resolve("out").toString());
  }

  @Test
  void theDirectoryIsPublishedWithoutAPage() {
    assertThat(folder.resolve("out/quality.json")).hasContent(found.findings().toJson());
    assertThat(folder.resolve("out/" + FindClusters.PAGE)).doesNotExist();
    Dataset<Row> assignments =
        TestSpark.session().read().parquet(folder.resolve("out/assignments").toString());
    assertThat(assignments.count()).isEqualTo(ROWS);
    assertThat(assignments.inputFiles()).as("few rows are one file").hasSize(1);
  }

  @Test
  void theManifestCountsTheRowsOfTheInput() {
    RunManifest manifest =
        EmbeddingTable.open(
                folder.resolve("out").toString(),
                TestSpark.session().sessionState().newHadoopConf())
            .manifest();
    assertThat(manifest.rows()).isEqualTo(ROWS);
    assertThat(manifest.rowsByPart())
        .isEqualTo(Map.of("assignments", (long) ROWS, "clusters", 3L, "centroids", 3L));
  }

  @Test
  void runsAreCounted() {
    assertThat(HEARD.steps).startsWith("0 of 2", "1 of 2", "2 of 2").endsWith("0 of 1", "1 of 1");
  }

  @Test
  void stagesHaveNames() {
    assertThat(HEARD.stages)
        .containsExactly(
            "read table",
            "check embeddings",
            "lay out vectors",
            "choose k",
            "find clusters",
            "assign rows",
            "describe clusters",
            "measure quality",
            "draw map");
  }

  @Test
  void thePageIsMadeOfTheFindings() throws Exception {
    ClusterSettings settings =
        ClusterSettings.of(
            settings("paged").with(ClusterOptions.ASSIGN, Optional.of(found.directory())));
    FindClusters action = new FindClusters(settings, findings -> "<p>" + findings.clusters());
    FoundClusters again = Silently.run(() -> action.run(TestSpark.session(), Progress.NONE));
    assertThat(Files.readString(folder.resolve("paged/" + FindClusters.PAGE))).isEqualTo("<p>3");
    assertThat(again.findings().earlierModel()).isEqualTo(folder.resolve("out/model").toString());
    assertThat(again.findings().quality().agreement()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"KMEANS,COSINE,0", "KMEANS,EUCLIDEAN,0", "BISECTING,COSINE,2"})
  void theCostIsThatOfTheRowsThatAreAssigned(Algorithm algorithm, Distance distance, int axes) {
    String name = algorithm + "-" + distance;
    double cost =
        run(settings("found-" + name)
                .with(ClusterOptions.ALGORITHM, algorithm)
                .with(ClusterOptions.DISTANCE, distance)
                .with(ClusterOptions.PCA, axes)
                .with(ClusterOptions.RESTARTS, 1)
                .with(ClusterOptions.K, new KChoice.Fixed(3)))
            .cost();
    Optional<String> earlier = Optional.of(folder.resolve("found-" + name).toString());
    Settings assigning = settings("assigned-" + name).with(ClusterOptions.ASSIGN, earlier);
    assertThat(run(assigning).cost()).isPositive().isCloseTo(cost, within(1e-6 * cost));
    Path twice = folder.resolve("twice-" + name);
    Dataset<Row> rows = Groups.table(Groups.rows(3, ROWS), 1);
    rows.union(rows).write().parquet(twice.toString());
    Settings doubled =
        assigning
            .with(InputOptions.INPUT, List.of(twice.toString()))
            .with(ClusterOptions.MODE, WriteMode.OVERWRITE);
    assertThat(run(doubled).cost()).isCloseTo(2 * cost, within(1e-6 * cost));
  }

  private static ClusterFindings run(Settings settings) {
    FindClusters action = new FindClusters(ClusterSettings.of(settings));
    return Silently.run(() -> action.run(TestSpark.session(), Progress.NONE)).findings();
  }

  @Test
  void aValueOutOfRangeIsRefused() {
    assertThatThrownBy(() -> settings("none").with(ClusterOptions.MAP_POINTS, 3_001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --map-points must be at most 3000, found 3001");
  }
}
