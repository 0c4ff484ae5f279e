package org.sparkgbert.job;

import static org.sparkgbert.job.OptionChecks.atLeast;
import static org.sparkgbert.job.OptionChecks.inRange;
import static org.sparkgbert.job.OptionChecks.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.cluster.Algorithm;
import org.sparkgbert.cluster.ClusterSettings;
import org.sparkgbert.cluster.CorpusMap;
import org.sparkgbert.cluster.Distance;
import org.sparkgbert.cluster.FittedClusters;
import org.sparkgbert.cluster.KChoice;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.WriteMode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings of the cluster job. */
final class ClusterOptions {
  @Mixin InputOptions input;

  @Option(
      names = "--embedding-column",
      defaultValue = "embedding",
      paramLabel = "NAME",
      description = "Column with the embedding, an array of floats.")
  String embeddingColumn;

  @Option(
      names = "--text-column",
      defaultValue = "text",
      paramLabel = "NAME",
      description = "Column with the text, for labels, exemplars and the map.")
  String textColumn;

  @Option(
      names = "--keep-columns",
      split = ",",
      paramLabel = "NAMES",
      description = "Columns of the input that assignments keep; all but the embedding if none.")
  List<String> keepColumns = new ArrayList<>();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Directory to write: assignments, clusters, centroids, model, report.")
  String output;

  @Option(
      names = "--mode",
      defaultValue = "error",
      description = "error or overwrite: what happens if the directory exists.")
  WriteMode mode;

  @Option(
      names = "--assign",
      paramLabel = "MODEL",
      description = "Put rows into the clusters of an earlier run: its directory, or its model.")
  String assign;

  @Option(
      names = "--k",
      defaultValue = "auto",
      paramLabel = "K",
      description = "Clusters: a number, several of which the best is taken, or auto.")
  String k;

  @Option(
      names = "--algorithm",
      defaultValue = "kmeans",
      description = "kmeans or bisecting (bisecting k-means).")
  Algorithm algorithm;

  @Option(
      names = "--distance",
      defaultValue = "cosine",
      description = "cosine (of unit-length vectors) or euclidean.")
  Distance distance;

  @Option(
      names = "--pca",
      defaultValue = "0",
      paramLabel = "N",
      description = "Principal components that vectors are reduced to before; 0 for none.")
  int pca;

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "N",
      description = "Seed of all that is random.")
  long seed;

  @Option(
      names = "--max-iterations",
      defaultValue = "100",
      paramLabel = "N",
      description = "Most iterations of a run. At least 1.")
  int maxIterations;

  @Option(
      names = "--tolerance",
      defaultValue = "1e-4",
      paramLabel = "X",
      description = "A run ends when no centroid moves farther. At least 0.")
  double tolerance;

  @Option(
      names = "--init-steps",
      defaultValue = "8",
      paramLabel = "N",
      description = "Steps of the parallel k-means start. At least 1.")
  int initSteps;

  @Option(
      names = "--restarts",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Runs from different starts, of which the best counts; 0 for 10 up to 10000 rows, else"
              + " 3.")
  int restarts;

  @Option(
      names = "--sample-rows",
      defaultValue = "10000",
      paramLabel = "N",
      description =
          "Rows, about, of the sample for silhouettes and for the choice of k. At least 2.")
  int sampleRows;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description = "Column with known labels, which clusters are compared with.")
  String labelColumn;

  @Option(
      names = "--label-terms",
      defaultValue = "8",
      paramLabel = "N",
      description = "Words that label a cluster. At least 1.")
  int labelTerms;

  @Option(
      names = "--exemplars",
      defaultValue = "5",
      paramLabel = "N",
      description = "Texts that stand for a cluster. At least 1.")
  int exemplars;

  @Option(
      names = "--map-points",
      defaultValue = "2000",
      paramLabel = "N",
      description = "Points of the report's map. From 1 to 3000.")
  int mapPoints;

  @Mixin RunOptions run;

  /** The directory to write; no row may fail, since none is encoded. */
  TableTarget target() {
    return new TableTarget(named("--output", output), "parquet", mode, List.of(), 0);
  }

  /** The earlier run whose clusters are used, if there is one. */
  Optional<String> earlierRun() {
    return Optional.ofNullable(assign).map(directory -> named("--assign", directory));
  }

  ClusterSettings settings() {
    atLeast(1, "--label-terms", labelTerms);
    atLeast(1, "--exemplars", exemplars);
    inRange(1, CorpusMap.MOST_POINTS, "--map-points", mapPoints);
    return new ClusterSettings(
        KChoice.parse(k),
        algorithm,
        distance,
        pca,
        seed,
        maxIterations,
        tolerance,
        initSteps,
        restarts,
        sampleRows);
  }

  /**
   * The columns that assignments keep.
   *
   * @throws IllegalArgumentException if a column that is needed is missing or holds no text, or if
   *     one is there that assignments add
   */
  List<String> kept(StructType schema) {
    FittedClusters.requireFree(schema);
    ColumnNames.require("keep", keepColumns, schema);
    ColumnNames.require("describe clusters by", List.of(textColumn), schema);
    requireText(schema.apply(textColumn));
    if (labelColumn != null) {
      ColumnNames.require("compare clusters with", List.of(labelColumn), schema);
    }
    return keepColumns.isEmpty()
        ? Arrays.stream(schema.fieldNames()).filter(name -> !name.equals(embeddingColumn)).toList()
        : keepColumns.stream().distinct().toList();
  }

  private static void requireText(StructField column) {
    if (!column.dataType().equals(DataTypes.StringType)) {
      throw new IllegalArgumentException(
          "Cannot describe clusters by column '%s': it must be string, found %s"
              .formatted(column.name(), column.dataType().simpleString()));
    }
  }
}
