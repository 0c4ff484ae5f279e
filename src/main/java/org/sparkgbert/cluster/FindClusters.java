package org.sparkgbert.cluster;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.ResultDirectory;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StoredVectors;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.vector.Directions;

/**
 * Clusters the embeddings of a table, or assigns them to the clusters of an earlier run; labels and
 * describes the clusters, and writes everything into a directory.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(InputOptions.INPUT, List.of("articles_embedded"))
 *         .with(ClusterOptions.OUTPUT, "articles_clusters")
 *         .with(ClusterOptions.K, new KChoice.Fixed(20));
 * FoundClusters found = new FindClusters(ClusterSettings.of(settings)).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 * @param page makes the page in the directory, if there should be one
 */
public record FindClusters(
    ClusterSettings settings, Optional<Function<ClusterFindings, String>> page) {
  /** Name of the page in the directory. */
  public static final String PAGE = "report.html";

  /** Without a page. */
  public FindClusters(ClusterSettings settings) {
    this(settings, Optional.empty());
  }

  /**
   * With a page.
   *
   * @param page makes it from the findings, as HTML
   */
  public FindClusters(ClusterSettings settings, Function<ClusterFindings, String> page) {
    this(settings, Optional.of(page));
  }

  /**
   * Runs the action.
   *
   * @return what was done; the directory is published
   * @throws IllegalArgumentException if the table cannot be read, a column is missing or has the
   *     wrong type, there are fewer distinct vectors than clusters, the embeddings do not match
   *     those of the earlier run, or the directory cannot be written
   */
  public FoundClusters run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "cluster", progress)) {
      return run(spark, stages);
    }
  }

  private FoundClusters run(SparkSession spark, Stages stages) {
    long start = System.nanoTime();
    stages.begin("read table");
    TableWriter.requireWritable(spark, settings.directory(), inputs());
    Corpus opened = settings.input().open(spark);
    List<String> kept = kept(opened.rows().schema());
    Corpus corpus = new InputProvenance("cluster", settings.input()).of(opened, used(kept));
    String vectors = vectors(corpus.rows().schema(), kept);
    Dataset<Row> rows =
        StoredVectors.asFloats("cluster", corpus.rows(), settings.embeddingColumn(), vectors);
    corpus.requireInEveryFile(settings.embeddingColumn(), settings.textColumn());
    corpus.requireInEveryFile(settings.labelColumn().stream().toList());
    corpus.requireInEveryFile(settings.keepColumns());
    corpus.notes().forEach(stages.progress()::note);
    corpus.notesOfKept(kept).forEach(stages.progress()::note);
    Optional<KnownClusters> known =
        settings.earlierRun().map(run -> KnownClusters.open(run, spark));
    known.ifPresent(this::requireLabels);
    requireDefined(rows.schema(), distance(known));
    RunInfo run = RunInfo.begin(RunManifest.Input.of(settings.input()), "");
    stages.begin("check embeddings");
    CheckedEmbeddings embeddings =
        CheckedEmbeddings.of(rows, settings.embeddingColumn(), vectors, distance(known));
    corpus.requireAll(embeddings.counts().rows());
    stages.begin("lay out vectors");
    try (VectorLayout layout = VectorLayout.of(embeddings);
        ResultDirectory directory = ResultDirectory.begin(spark, settings.directory(), run)) {
      known.ifPresent(earlier -> earlier.clusters().requireDirections(layout));
      Clustering.Result found =
          known
              .map(KnownClusters::asResult)
              .orElseGet(() -> new Clustering(settings.clustering()).fit(layout, stages));
      ClusterFindings findings =
          new ClusterOutput(settings, kept, known, found, layout, run)
              .write(spark, directory, stages);
      page.ifPresent(made -> directory.file(PAGE, made.apply(findings)));
      String warning = directory.publish();
      return new FoundClusters(
          findings,
          found.clusters(),
          settings.directory().path(),
          Duration.ofNanos(System.nanoTime() - start),
          warning);
    }
  }

  /** All that is read: paths, globs or names of tables. */
  public List<String> inputs() {
    return Stream.concat(settings.input().paths().stream(), settings.earlierRun().stream())
        .toList();
  }

  private List<String> used(List<String> kept) {
    return Stream.concat(kept.stream(), Stream.of(settings.embeddingColumn())).toList();
  }

  /** The column that is clustered by; the one that is missing is named where it is checked. */
  private String vectors(StructType schema, List<String> kept) {
    String column = settings.embeddingColumn();
    return Arrays.asList(schema.fieldNames()).contains(column)
        ? StoredVectors.compared(schema, column, kept)
        : column;
  }

  private void requireDefined(StructType schema, Distance distance) {
    String column = settings.embeddingColumn();
    ColumnNames.require("cluster", List.of(column), schema);
    Directions.require(
        "cluster",
        EmbeddingProvenance.of(schema.apply(column)),
        ClusterOptions.DISTANCE.option(),
        List.of(distance.measure()));
  }

  private void requireLabels(KnownClusters earlier) {
    if (settings.labelTerms().isPresent() && !earlier.labels().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot run: %s does not apply with %s, which takes the words of the earlier run"
              .formatted(ClusterOptions.LABEL_TERMS.option(), ClusterOptions.ASSIGN.option()));
    }
  }

  private Distance distance(Optional<KnownClusters> known) {
    return known
        .map(earlier -> earlier.clusters().info().distance())
        .orElse(settings.clustering().distance());
  }

  /** The columns that assignments keep, after checking that all required columns exist. */
  private List<String> kept(StructType schema) {
    ColumnNames.require("keep", settings.keepColumns(), schema);
    ColumnNames.require("describe clusters by", List.of(settings.textColumn()), schema);
    requireText(schema.apply(settings.textColumn()));
    ColumnNames.require("compare clusters with", settings.labelColumn().stream().toList(), schema);
    List<String> kept =
        settings.keepColumns().isEmpty()
            ? Arrays.stream(schema.fieldNames()).filter(name -> !isOfVector(name, schema)).toList()
            : settings.keepColumns().stream().distinct().toList();
    FittedClusters.requireFree(settings.describing(), "rename it");
    FittedClusters.requireFree(
        kept, "rename it, or leave it out with " + ClusterOptions.KEEP_COLUMNS.option());
    return kept;
  }

  /** The column of vectors, and that of their scales if they have a byte per element. */
  private boolean isOfVector(String name, StructType schema) {
    String vector = settings.embeddingColumn();
    return name.equals(vector)
        || (name.equals(new EmbeddingColumns(vector).scale())
            && ColumnNames.has(schema, vector, "array<tinyint>"));
  }

  private static void requireText(StructField column) {
    if (!column.dataType().equals(DataTypes.StringType)) {
      throw new IllegalArgumentException(
          "Cannot describe clusters by column '%s': it must be string, found %s"
              .formatted(column.name(), column.dataType().simpleString()));
    }
  }
}
