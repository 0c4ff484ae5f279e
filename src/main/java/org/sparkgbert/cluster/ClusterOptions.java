package org.sparkgbert.cluster;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.settings.ValueType;

/** Settings of {@link FindClusters}; {@link ClusterSettings#of} reads them. */
public final class ClusterOptions {
  /** Column with the embedding. */
  public static final Setting<String> EMBEDDING_COLUMN =
      Setting.text("embedding-column", "embedding")
          .label("NAME")
          .meaning("Column with the embedding, an array of floats.");

  /** Column with the text. */
  public static final Setting<String> TEXT_COLUMN =
      Setting.text("text-column", "text")
          .label("NAME")
          .meaning("Column with the text, for labels, exemplars and the map.");

  /** Columns that assignments keep. */
  public static final Setting<List<String>> KEEP_COLUMNS =
      Setting.names("keep-columns")
          .meaning(
              "Columns of the input that assignments keep; all but the embedding if none is"
                  + " named.");

  /** Where the result is written. */
  public static final Setting<String> OUTPUT =
      Setting.required("output")
          .label("DIR")
          .meaning("Directory to write: assignments, clusters, centroids, model, report.");

  /** What happens if it exists. */
  public static final Setting<WriteMode> MODE =
      Setting.choice("mode", WriteMode.ERROR)
          .meaning("error or overwrite: what happens if the directory exists.");

  /** An earlier run whose clusters the rows are assigned to. */
  public static final Setting<Optional<String>> ASSIGN =
      Setting.optional("assign", ValueType.TEXT)
          .where(run -> run.filter(String::isBlank).isEmpty(), "must not be blank")
          .label("MODEL")
          .meaning("Assign rows to the clusters of an earlier run: its directory, or its model.");

  /** Number of clusters. */
  public static final Setting<KChoice> K =
      Setting.of("k", KChoice.TYPE, new KChoice.Auto())
          .excludes(ASSIGN)
          .label("K")
          .meaning("Number of clusters: a number, several to choose the best from, or auto.");

  /** How clusters are found. */
  public static final Setting<Algorithm> ALGORITHM =
      Setting.choice("algorithm", Algorithm.KMEANS)
          .excludes(ASSIGN)
          .meaning(
              "kmeans (in the driver up to "
                  + LocalVectors.MOST_ROWS
                  + " rows and "
                  + LocalVectors.MOST_VALUES
                  + " values, rows times dimension, else in Spark) or bisecting (bisecting k-means,"
                  + " by MLlib).");

  /** The distance between vectors. */
  public static final Setting<Distance> DISTANCE =
      Setting.choice("distance", Distance.COSINE)
          .excludes(ASSIGN)
          .meaning("cosine (of unit-length vectors) or euclidean.");

  /** Number of principal components. */
  public static final Setting<Integer> PCA =
      Setting.integer("pca", 0)
          .excludes(ASSIGN)
          .atLeast(0)
          .label("N")
          .meaning("Number of principal components that vectors are first reduced to; 0 for none.");

  /** Seed. */
  public static final Setting<Long> SEED =
      Setting.seed("seed", 42).label("N").meaning("Random seed.");

  /** Maximum number of iterations per run. */
  public static final Setting<Integer> MAX_ITERATIONS =
      Setting.integer("max-iterations", 100)
          .excludes(ASSIGN)
          .atLeast(1)
          .label("N")
          .meaning("Maximum number of iterations per run. At least 1.");

  /** How far centroids may still move in the last iteration. */
  public static final Setting<Double> TOLERANCE =
      Setting.number("tolerance", "1e-4")
          .excludes(ASSIGN)
          .onlyIf(ClusterOptions::isKMeans, "does not apply with --algorithm bisecting")
          .where(
              value -> value >= 0 && value < Double.POSITIVE_INFINITY,
              "must be a number of at least 0")
          .label("X")
          .meaning("A run ends when no centroid moves farther than this. At least 0.");

  /**
   * Steps of k-means||; with 2, as in MLlib, single runs on a small corpus cost up to 3 % more than
   * the best known.
   */
  public static final Setting<Integer> INIT_STEPS =
      Setting.integer("init-steps", 8)
          .excludes(ASSIGN)
          .onlyIf(ClusterOptions::isKMeans, "does not apply with --algorithm bisecting")
          .atLeast(1)
          .label("N")
          .meaning("Steps of the parallel k-means initialization. At least 1.");

  /** Number of runs from different starts. */
  public static final Setting<Integer> RESTARTS =
      Setting.integer("restarts", 0)
          .excludes(ASSIGN)
          .atLeast(0)
          .label("N")
          .meaning(
              "Number of runs from different starts, of which the best is kept; 0 for 100 with up"
                  + " to 1000 rows, 10 with up to 10000, else 3; for the choice of k at most 10.");

  /** Size of samples. */
  public static final Setting<Integer> SAMPLE_ROWS =
      Setting.integer("sample-rows", 10_000)
          .atLeast(2)
          .label("N")
          .meaning(
              "Approximate number of rows in the sample for silhouettes and for the choice of k."
                  + " At least 2.");

  /** Column with known labels. */
  public static final Setting<Optional<String>> LABEL_COLUMN =
      Setting.optional("label-column", ValueType.TEXT)
          .label("NAME")
          .meaning("Column with known labels to compare the clusters with.");

  /** Number of words per label. */
  public static final Setting<Integer> LABEL_TERMS =
      Setting.integer("label-terms", 8)
          .atLeast(1)
          .label("N")
          .meaning("Number of words that label a cluster. At least 1.");

  /** Number of texts that represent a cluster. */
  public static final Setting<Integer> EXEMPLARS =
      Setting.integer("exemplars", 5)
          .atLeast(1)
          .label("N")
          .meaning("Number of texts that represent a cluster. At least 1.");

  /** Maximum number of points on the map. */
  public static final Setting<Integer> MAP_POINTS =
      Setting.integer("map-points", 2_000)
          .atLeast(1)
          .atMost(CorpusMap.MOST_POINTS)
          .label("N")
          .meaning("Maximum number of points on the map. From 1 to 3000.");

  /** Columns that are read and kept, and where the result is written. */
  public static final List<Setting<?>> TABLES =
      List.of(EMBEDDING_COLUMN, TEXT_COLUMN, KEEP_COLUMNS, OUTPUT, MODE, OutputOptions.KEEP_OLD);

  /** How clusters are described, and compared with known labels. */
  public static final List<Setting<?>> DESCRIPTION =
      List.of(LABEL_COLUMN, LABEL_TERMS, EXEMPLARS, MAP_POINTS);

  /** How clusters are found, as {@link ClusteringSettings#of} reads it. */
  public static final List<Setting<?>> CLUSTERING =
      List.of(
          K,
          ALGORITHM,
          DISTANCE,
          PCA,
          SEED,
          MAX_ITERATIONS,
          TOLERANCE,
          INIT_STEPS,
          RESTARTS,
          SAMPLE_ROWS);

  /** All settings of the action. */
  public static final List<Setting<?>> ALL =
      Setting.all(InputOptions.ALL, TABLES, List.of(ASSIGN), CLUSTERING, DESCRIPTION);

  private ClusterOptions() {}

  private static boolean isKMeans(Settings settings) {
    return settings.get(ALGORITHM) == Algorithm.KMEANS;
  }
}
