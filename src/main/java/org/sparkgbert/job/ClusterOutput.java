package org.sparkgbert.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.cluster.CheckedEmbeddings;
import org.sparkgbert.cluster.ClassTfIdf;
import org.sparkgbert.cluster.ClusterCard;
import org.sparkgbert.cluster.ClusterCards;
import org.sparkgbert.cluster.ClusterModelFiles;
import org.sparkgbert.cluster.ClusterModelInfo;
import org.sparkgbert.cluster.ClusterQuality;
import org.sparkgbert.cluster.ClusterTables;
import org.sparkgbert.cluster.Clustering;
import org.sparkgbert.cluster.CorpusMap;
import org.sparkgbert.cluster.FittedClusters;
import org.sparkgbert.cluster.LabelAgreements;
import org.sparkgbert.cluster.MapPoint;
import org.sparkgbert.cluster.VectorLayout;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.ResultDirectory;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.report.ClusterReport;

/**
 * Describes clusters that were found, and writes all there is to say of them.
 *
 * @param options settings of the job
 * @param kept columns of the input that assignments keep
 * @param known the earlier run's clusters, if rows are put into those
 * @param found the clusters
 * @param vectors the embeddings
 */
record ClusterOutput(
    ClusterOptions options,
    List<String> kept,
    Optional<KnownClusters> known,
    Clustering.Result found,
    VectorLayout vectors) {
  /** Name of the report in the directory. */
  static final String REPORT = "report.html";

  private static final String ASSIGNMENTS = "assignments";
  private static final String CENTROIDS = "centroids";
  private static final String QUALITY = "quality.json";

  /** In a cluster of several texts, a word of one text only says nothing of the cluster. */
  private static final int LABEL_TEXTS = 2;

  /** Writes tables, model, report and figures into the directory, which is not published yet. */
  ClusterResult write(SparkSession spark, ResultDirectory directory, RunInfo run) {
    FittedClusters clusters = found.clusters();
    Dataset<Row> assigned = clusters.assign(vectors.embeddings());
    Dataset<Row> assignments = assignments(assigned);
    directory.table(ASSIGNMENTS, assignments, statuses(assignments.schema()));
    Dataset<Row> described = described(spark, directory, assigned);
    List<ClusterCard> cards = cards(described);
    directory.table(KnownClusters.CLUSTERS, small(ClusterTables.cards(cards, spark)), List.of());
    directory.table(CENTROIDS, small(ClusterTables.centroids(clusters, spark)), List.of());
    ClusterModelFiles.save(clusters, directory.path(KnownClusters.MODEL), spark);
    ClusterResult result = result(run, cards, quality(described));
    directory.file(QUALITY, result.toJson());
    directory.file(REPORT, report(result).html());
    return result;
  }

  private Dataset<Row> assignments(Dataset<Row> assigned) {
    List<Column> columns = new ArrayList<>(List.of(ColumnNames.columns(kept)));
    columns.add(
        ColumnNames.column(FittedClusters.CLUSTER).as(FittedClusters.CLUSTER, made().toMetadata()));
    columns.add(ColumnNames.column(FittedClusters.DISTANCE));
    columns.add(ColumnNames.column(FittedClusters.CLUSTER_RANK));
    return assigned.select(columns.toArray(Column[]::new));
  }

  /** Of other embeddings that stay, what became of their texts; earlier runs let them fail. */
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
        ClusterResult.inWords(settings()), vectors.embeddings().provenance().stream().toList());
  }

  /** A table with a row for each cluster, in one file. */
  private Dataset<Row> small(Dataset<Row> clusters) {
    return clusters.withMetadata(FittedClusters.CLUSTER, made().toMetadata()).coalesce(1);
  }

  /** What was written, if it has the texts and labels; it need not be computed again then. */
  private Dataset<Row> described(
      SparkSession spark, ResultDirectory directory, Dataset<Row> assigned) {
    boolean hasAll =
        kept.contains(options.textColumn)
            && (options.labelColumn == null || kept.contains(options.labelColumn));
    return hasAll ? spark.read().parquet(directory.path(ASSIGNMENTS)) : assigned;
  }

  private List<ClusterCard> cards(Dataset<Row> described) {
    Map<Integer, List<String>> labels =
        known
            .map(KnownClusters::labels)
            .filter(earlier -> !earlier.isEmpty())
            .orElseGet(() -> labels(described));
    return ClusterCards.of(
            found.clusters(), vectors.embeddings(), options.textColumn, options.exemplars)
        .stream()
        .map(card -> card.withLabels(labels.getOrDefault(card.cluster(), List.of())))
        .toList();
  }

  private Map<Integer, List<String>> labels(Dataset<Row> described) {
    return new ClassTfIdf(
            options.textColumn, FittedClusters.CLUSTER, options.labelTerms, LABEL_TEXTS)
        .byCluster(described);
  }

  private ClusterQuality quality(Dataset<Row> described) {
    ClusterQuality quality = found.clusters().quality(vectors, options.sampleRows, options.seed);
    return options.labelColumn == null
        ? quality
        : new ClusterQuality(
            quality.silhouette(),
            quality.silhouetteRows(),
            LabelAgreements.of(described, FittedClusters.CLUSTER, options.labelColumn));
  }

  private ClusterResult result(RunInfo run, List<ClusterCard> cards, ClusterQuality quality) {
    return new ClusterResult(
        run.runId(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        run.input(),
        provenance().orElse(null),
        known.map(KnownClusters::model).orElse(null),
        settings(),
        vectors.embeddings().counts(),
        cards.size(),
        found.cost(),
        found.scanned(),
        found.scannedRows(),
        quality,
        cards);
  }

  private Optional<EmbeddingProvenance> provenance() {
    return vectors.embeddings().provenance();
  }

  /** Nothing if k was given as one number. */
  private Optional<String> choiceOfK() {
    if (known.isPresent()) {
      return Optional.of("an earlier run");
    }
    return found.scanned().isEmpty() ? Optional.empty() : Optional.of(options.k);
  }

  /** As the model has them, which an earlier run may have found. */
  private Map<String, String> settings() {
    ClusterModelInfo info = found.clusters().info();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("algorithm", info.algorithm().name().toLowerCase(Locale.ROOT));
    settings.put("distance", info.distance().name().toLowerCase(Locale.ROOT));
    settings.put("k", Integer.toString(info.clusters()));
    choiceOfK().ifPresent(choice -> settings.put("k_chosen_from", choice));
    settings.put("pca", info.pcaDimensions() == 0 ? "none" : "" + info.pcaDimensions());
    settings.put("seed", Long.toString(info.seed()));
    return settings;
  }

  private ClusterReport report(ClusterResult result) {
    CheckedEmbeddings embeddings = vectors.embeddings();
    List<MapPoint> points =
        CorpusMap.of(
            found.clusters(), embeddings, options.textColumn, options.mapPoints, options.seed);
    return new ClusterReport(
        String.join(", ", options.input.input),
        result.finished(),
        result.embeddings(),
        result.counts().rows(),
        result.counts().rows() - result.counts().usable(),
        ClusterResult.named(settings()),
        result.cards(),
        found.clusters().centroidSimilarities(),
        found.scanned(),
        points,
        result.quality());
  }
}
