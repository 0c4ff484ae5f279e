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
import java.util.function.Supplier;
import java.util.stream.Stream;
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

  /** What is written, in the order of the manifest. */
  private static final List<String> PARTS =
      List.of(ASSIGNMENTS, KnownClusters.MODEL, KnownClusters.CLUSTERS, CENTROIDS, QUALITY);

  /**
   * In a cluster of several texts, a word that occurs in only one of them says nothing about the
   * cluster.
   */
  private static final int LABEL_TEXTS = 2;

  /**
   * Writes tables, model and figures into the directory, which is not published yet. What the
   * written assignments are not needed for is done while they are written.
   */
  ClusterFindings write(SparkSession spark, ResultDirectory directory, Stages stages) {
    PARTS.forEach(directory::path);
    stages.begin("assign rows");
    try (AtOnce other = new AtOnce(1)) {
      Supplier<ClusterSummary> summary = other.begin(this::summary);
      Supplier<List<MapPoint>> map = other.begin(() -> CorpusMap.of(summary.get().sample()));
      Supplier<ClusterModelInfo> model = other.begin(() -> saveModel(directory, spark));
      Dataset<Row> described = assign(spark, directory);
      stages.begin("describe clusters");
      List<ClusterCard> cards = cards(summary.get(), described);
      directory.table(KnownClusters.CLUSTERS, small(ClusterTables.cards(cards, spark)), List.of());
      model.get();
      stages.begin("measure quality");
      Quality quality = quality(described);
      stages.begin("draw map");
      ClusterFindings findings = findings(cards, cost(summary.get()), quality, map.get());
      directory.file(QUALITY, findings.toJson());
      return findings;
    }
  }

  /**
   * Writes the assignments.
   *
   * @return the assigned rows with texts and labels: those that were written if they have these, so
   *     that they need not be computed again
   */
  private Dataset<Row> assign(SparkSession spark, ResultDirectory directory) {
    List<String> used =
        Stream.concat(kept.stream(), settings.describing().stream()).distinct().toList();
    Dataset<Row> assigned = found.clusters().assign(vectors.embeddings().together(), used);
    Dataset<Row> assignments = assignments(assigned);
    OptionalLong rows = OptionalLong.of(vectors.embeddings().counts().rows());
    directory.table(ASSIGNMENTS, assignments, rows, statuses(assignments.schema()));
    return kept.containsAll(settings.describing())
        ? InputPaths.literally(spark, Optional.of(assignments.schema()))
            .parquet(directory.path(ASSIGNMENTS))
        : assigned;
  }

  /** Writes the table of centroids too. */
  private ClusterModelInfo saveModel(ResultDirectory directory, SparkSession spark) {
    FittedClusters clusters = found.clusters();
    directory.table(CENTROIDS, small(ClusterTables.centroids(clusters, spark)), List.of());
    ClusterModelFiles.save(clusters, directory.path(KnownClusters.MODEL), spark);
    return clusters.info();
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

  private ClusterSummary summary() {
    return ClusterSummary.of(
        found.clusters(),
        vectors.embeddings(),
        settings.textColumn(),
        settings.exemplars(),
        settings.mapPoints(),
        settings.clustering().seed());
  }

  private List<ClusterCard> cards(ClusterSummary summary, Dataset<Row> described) {
    Map<Integer, List<String>> labels = labels(described, summary.characters());
    return ClusterCards.of(found.clusters(), summary).stream()
        .map(card -> card.withLabels(labels.getOrDefault(card.cluster(), List.of())))
        .toList();
  }

  /** Those of the earlier run, if it had any. */
  private Map<Integer, List<String>> labels(Dataset<Row> described, long characters) {
    return known
        .map(KnownClusters::labels)
        .filter(earlier -> !earlier.isEmpty())
        .orElseGet(() -> words(described, characters));
  }

  private Map<Integer, List<String>> words(Dataset<Row> described, long characters) {
    int terms = settings.labelTerms().or(ClusterOptions.LABEL_TERMS::defaultValue).orElseThrow();
    return new ClassTfIdf(settings.textColumn(), FittedClusters.CLUSTER, terms, LABEL_TEXTS)
        .byCluster(described, characters);
  }

  private record Quality(ClusterQuality figures, List<LabelCounts> labels) {}

  private Quality quality(Dataset<Row> described) {
    ClusteringSettings sampling = settings.clustering();
    try (AtOnce threads = new AtOnce(3)) {
      var apart =
          threads.begin(
              () -> found.clusters().quality(vectors, sampling.sampleRows(), sampling.seed()));
      Optional<LabelCells> few = cellsOfFew(described);
      var agreement = threads.begin(() -> agreement(described, few));
      var labels = threads.begin(() -> labelCounts(described, few));
      ClusterQuality quality = apart.get();
      return new Quality(
          new ClusterQuality(
              quality.silhouette(), quality.silhouetteRows(), agreement.get().orElse(null)),
          labels.get());
    }
  }

  private Optional<LabelCells> cellsOfFew(Dataset<Row> described) {
    return settings
        .labelColumn()
        .filter(column -> vectors instanceof LocalVectors)
        .map(column -> LabelCells.of(described, FittedClusters.CLUSTER, column));
  }

  private Optional<ClusterQuality.LabelAgreement> agreement(
      Dataset<Row> described, Optional<LabelCells> few) {
    return settings
        .labelColumn()
        .map(
            column ->
                few.map(cells -> cells.agreement(FittedClusters.CLUSTER, column))
                    .orElseGet(
                        () -> LabelAgreements.of(described, FittedClusters.CLUSTER, column)));
  }

  private List<LabelCounts> labelCounts(Dataset<Row> described, Optional<LabelCells> few) {
    int clusters = found.clusters().info().clusters();
    return settings
        .labelColumn()
        .map(
            column ->
                few.map(cells -> cells.counts(clusters))
                    .orElseGet(
                        () -> LabelCounts.of(described, FittedClusters.CLUSTER, column, clusters)))
        .orElse(List.of());
  }

  /** That of the rows of this run, whichever run found the clusters. */
  private double cost(ClusterSummary summary) {
    return known.isPresent() ? summary.cost() : found.cost();
  }

  private ClusterFindings findings(
      List<ClusterCard> cards, double cost, Quality quality, List<MapPoint> map) {
    return new ClusterFindings(
        run.runId(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        run.input(),
        vectors.embeddings().provenance().orElse(null),
        known.map(KnownClusters::model).orElse(null),
        settingsByName(),
        vectors.embeddings().counts(),
        cards.size(),
        cost,
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
