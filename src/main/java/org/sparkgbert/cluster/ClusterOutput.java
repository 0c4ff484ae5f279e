package org.sparkgbert.cluster;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.ResultDirectory;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.settings.Labels;

/**
 * Describes clusters, and writes the results.
 *
 * @param settings what to do
 * @param kept columns of the input that assignments keep
 * @param known the earlier run's clusters, if rows are assigned to those
 * @param found the clusters
 * @param vectors the embeddings
 * @param run the run
 */
record ClusterOutput(
    ClusterSettings settings,
    List<String> kept,
    Optional<KnownClusters> known,
    Clustering.Result found,
    VectorLayout vectors,
    RunInfo run) {
  private static final String ASSIGNMENTS = "assignments";
  private static final String CENTROIDS = "centroids";
  private static final String QUALITY = "quality.json";

  /**
   * In a cluster of several texts, a word that occurs in only one of them says nothing about the
   * cluster.
   */
  private static final int LABEL_TEXTS = 2;

  /** Writes tables, model and figures into the directory, which is not published yet. */
  ClusterFindings write(SparkSession spark, ResultDirectory directory, Stages stages) {
    FittedClusters clusters = found.clusters();
    stages.begin("assign rows");
    Dataset<Row> assigned = clusters.assign(vectors.embeddings());
    Dataset<Row> assignments = assignments(assigned);
    OptionalLong rows = OptionalLong.of(vectors.embeddings().counts().rows());
    directory.table(ASSIGNMENTS, assignments, rows, statuses(assignments.schema()));
    stages.begin("describe clusters");
    Dataset<Row> described = described(spark, directory, assigned);
    List<ClusterCard> cards = cardsAndModel(described, directory, spark);
    directory.table(KnownClusters.CLUSTERS, small(ClusterTables.cards(cards, spark)), List.of());
    directory.table(CENTROIDS, small(ClusterTables.centroids(clusters, spark)), List.of());
    stages.begin("measure quality");
    Quality quality = quality(described);
    stages.begin("draw map");
    ClusterFindings findings = findings(cards, quality, map());
    directory.file(QUALITY, findings.toJson());
    return findings;
  }

  private Dataset<Row> assignments(Dataset<Row> assigned) {
    List<Column> columns = new ArrayList<>(List.of(ColumnNames.columns(kept)));
    columns.add(
        ColumnNames.column(FittedClusters.CLUSTER).as(FittedClusters.CLUSTER, made().toMetadata()));
    columns.add(ColumnNames.column(FittedClusters.DISTANCE));
    columns.add(ColumnNames.column(FittedClusters.CLUSTER_RANK));
    return assigned.select(columns.toArray(Column[]::new));
  }

  /**
   * Counts the statuses of other embeddings that are kept; failed ones are allowed, since earlier
   * runs allowed them.
   */
  private static List<StatusColumn> statuses(StructType assignments) {
    List<String> columns = List.of(assignments.fieldNames());
    return Arrays.stream(assignments.fields())
        .filter(field -> EmbeddingProvenance.of(field).isPresent())
        .map(field -> new EmbeddingColumns(field.name()).status())
        .filter(columns::contains)
        .map(StatusColumn::counted)
        .toList();
  }

  /** What made the clusters. */
  private DerivedProvenance made() {
    return new DerivedProvenance(
        ClusterFindings.inWords(settingsByName()),
        vectors.embeddings().provenance().stream().toList());
  }

  /** A table with one row per cluster, in one file. */
  private Dataset<Row> small(Dataset<Row> clusters) {
    return clusters.withMetadata(FittedClusters.CLUSTER, made().toMetadata()).coalesce(1);
  }

  /**
   * The written assignments if they have the texts and labels, so that they need not be computed
   * again.
   */
  private Dataset<Row> described(
      SparkSession spark, ResultDirectory directory, Dataset<Row> assigned) {
    boolean hasAll =
        kept.contains(settings.textColumn())
            && settings.labelColumn().stream().allMatch(kept::contains);
    return hasAll ? InputPaths.literally(spark).parquet(directory.path(ASSIGNMENTS)) : assigned;
  }

  /** The cards, while the model is written. */
  private List<ClusterCard> cardsAndModel(
      Dataset<Row> described, ResultDirectory directory, SparkSession spark) {
    FittedClusters clusters = found.clusters();
    try (AtOnce threads = new AtOnce(3)) {
      var labels = threads.begin(() -> labels(described));
      var cards =
          threads.begin(
              () ->
                  ClusterCards.of(
                      clusters, vectors.embeddings(), settings.textColumn(), settings.exemplars()));
      var saved =
          threads.begin(
              () -> {
                ClusterModelFiles.save(clusters, directory.path(KnownClusters.MODEL), spark);
                return true;
              });
      saved.get();
      return cards.get().stream()
          .map(card -> card.withLabels(labels.get().getOrDefault(card.cluster(), List.of())))
          .toList();
    }
  }

  /** Those of the earlier run, if it had any. */
  private Map<Integer, List<String>> labels(Dataset<Row> described) {
    return known
        .map(KnownClusters::labels)
        .filter(earlier -> !earlier.isEmpty())
        .orElseGet(() -> words(described));
  }

  private Map<Integer, List<String>> words(Dataset<Row> described) {
    return new ClassTfIdf(
            settings.textColumn(), FittedClusters.CLUSTER, settings.labelTerms(), LABEL_TEXTS)
        .byCluster(described);
  }

  private record Quality(ClusterQuality figures, List<LabelCounts> labels) {}

  private Quality quality(Dataset<Row> described) {
    ClusteringSettings sampling = settings.clustering();
    try (AtOnce threads = new AtOnce(3)) {
      var apart =
          threads.begin(
              () -> found.clusters().quality(vectors, sampling.sampleRows(), sampling.seed()));
      var agreement = threads.begin(() -> agreement(described));
      var labels = threads.begin(() -> labelCounts(described));
      ClusterQuality quality = apart.get();
      return new Quality(
          new ClusterQuality(
              quality.silhouette(), quality.silhouetteRows(), agreement.get().orElse(null)),
          labels.get());
    }
  }

  private Optional<ClusterQuality.LabelAgreement> agreement(Dataset<Row> described) {
    return settings
        .labelColumn()
        .map(column -> LabelAgreements.of(described, FittedClusters.CLUSTER, column));
  }

  private List<LabelCounts> labelCounts(Dataset<Row> described) {
    return settings
        .labelColumn()
        .map(
            column ->
                LabelCounts.of(
                    described, FittedClusters.CLUSTER, column, found.clusters().info().clusters()))
        .orElse(List.of());
  }

  private List<MapPoint> map() {
    return CorpusMap.of(
        found.clusters(),
        vectors.embeddings(),
        settings.textColumn(),
        settings.mapPoints(),
        settings.clustering().seed());
  }

  private ClusterFindings findings(List<ClusterCard> cards, Quality quality, List<MapPoint> map) {
    return new ClusterFindings(
        run.runId(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        run.input(),
        vectors.embeddings().provenance().orElse(null),
        known.map(KnownClusters::model).orElse(null),
        settingsByName(),
        vectors.embeddings().counts(),
        cards.size(),
        found.cost(),
        found.scanned(),
        found.scannedRows(),
        quality.figures,
        cards,
        quality.labels,
        found.clusters().centroidSimilarities(),
        map);
  }

  /** Empty if k was given as one number. */
  private Optional<String> choiceOfK() {
    if (known.isPresent()) {
      return Optional.of("an earlier run");
    }
    return found.scanned().isEmpty()
        ? Optional.empty()
        : Optional.of(settings.clustering().k().label());
  }

  /** The model's own settings; an earlier run may have made it. */
  private Map<String, String> settingsByName() {
    ClusterModelInfo info = found.clusters().info();
    Map<String, String> byName = new LinkedHashMap<>();
    byName.put("algorithm", Labels.of(info.algorithm()));
    byName.put("distance", Labels.of(info.distance()));
    byName.put("k", Integer.toString(info.clusters()));
    choiceOfK().ifPresent(choice -> byName.put("k_chosen_from", choice));
    byName.put("pca", info.pcaDimensions() == 0 ? "none" : "" + info.pcaDimensions());
    byName.put("seed", Long.toString(info.seed()));
    return byName;
  }
}
