package org.sparkgbert.cluster;

import java.util.Objects;
import org.sparkgbert.settings.Settings;

/**
 * How clusters are found.
 *
 * @param k how many clusters
 * @param algorithm k-means or bisecting k-means
 * @param distance the distance between vectors
 * @param pcaDimensions number of principal components that vectors are first reduced to, 0 for
 *     none; with {@link Distance#COSINE} they are scaled to unit length again
 * @param seed random seed
 * @param maxIterations maximum number of iterations per run, at least 1
 * @param tolerance a run ends when no centroid moves farther than this Euclidean distance (with
 *     {@link Distance#COSINE}, of unit-length centroids); at least 0. Not used by bisecting k-means
 * @param initSteps number of steps of k-means||, at least 1
 * @param restarts number of runs with seeds derived from the seed, of which the one with the lowest
 *     cost is kept; 0 for {@value #RESTARTS_OF_VERY_FEW} of up to {@value #VERY_FEW} vectors,
 *     {@value #RESTARTS_OF_FEW} of up to {@value #FEW}, and {@value #RESTARTS_OF_MANY} of more; in
 *     the choice of k at most {@value #RESTARTS_OF_FEW} for each
 * @param sampleRows approximate number of rows in the samples that silhouettes, the choice of k and
 *     principal components are taken from; at least 2
 */
public record ClusteringSettings(
    KChoice k,
    Algorithm algorithm,
    Distance distance,
    int pcaDimensions,
    long seed,
    int maxIterations,
    double tolerance,
    int initSteps,
    int restarts,
    int sampleRows) {
  private static final int RESTARTS_OF_VERY_FEW = 100;
  private static final int RESTARTS_OF_FEW = 10;
  private static final int RESTARTS_OF_MANY = 3;

  /**
   * Vectors of which many runs are cheap. The best of ten still depends much on the seed, the best
   * of a hundred little.
   */
  private static final long VERY_FEW = 1_000;

  /** Vectors of which runs are cheap. */
  private static final long FEW = 10_000;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public ClusteringSettings {
    Objects.requireNonNull(k, "k");
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(distance, "distance");
    ClusterOptions.PCA.require(pcaDimensions);
    ClusterOptions.MAX_ITERATIONS.require(maxIterations);
    ClusterOptions.TOLERANCE.require(tolerance);
    ClusterOptions.INIT_STEPS.require(initSteps);
    ClusterOptions.RESTARTS.require(restarts);
    ClusterOptions.SAMPLE_ROWS.require(sampleRows);
  }

  /** Reads the settings of {@link ClusterOptions#CLUSTERING}. */
  public static ClusteringSettings of(Settings settings) {
    return new ClusteringSettings(
        settings.get(ClusterOptions.K),
        settings.get(ClusterOptions.ALGORITHM),
        settings.get(ClusterOptions.DISTANCE),
        settings.get(ClusterOptions.PCA),
        settings.get(ClusterOptions.SEED),
        settings.get(ClusterOptions.MAX_ITERATIONS),
        settings.get(ClusterOptions.TOLERANCE),
        settings.get(ClusterOptions.INIT_STEPS),
        settings.get(ClusterOptions.RESTARTS),
        settings.get(ClusterOptions.SAMPLE_ROWS));
  }

  /** Number of runs for this many vectors. */
  int restarts(long vectors) {
    if (restarts > 0) {
      return restarts;
    }
    if (vectors <= VERY_FEW) {
      return RESTARTS_OF_VERY_FEW;
    }
    return vectors <= FEW ? RESTARTS_OF_FEW : RESTARTS_OF_MANY;
  }

  /** Number of runs for this many vectors with each k that is tried. */
  int restartsPerK(long vectors) {
    return restarts > 0 ? restarts : Math.min(RESTARTS_OF_FEW, restarts(vectors));
  }
}
