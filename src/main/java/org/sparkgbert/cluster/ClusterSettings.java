package org.sparkgbert.cluster;

import java.util.Objects;

/**
 * How clusters are found.
 *
 * @param k how many
 * @param algorithm k-means or bisecting k-means
 * @param distance how far vectors are apart
 * @param pcaDimensions principal components that vectors are reduced to before, 0 for none; under
 *     {@link Distance#COSINE} they get unit length again
 * @param seed of all that is random
 * @param maxIterations most iterations of a run, at least 1
 * @param tolerance a run ends when no centroid moves farther than this Euclidean distance (under
 *     {@link Distance#COSINE}, of unit-length centroids); at least 0. Bisecting k-means has none
 * @param initSteps steps of k-means||, at least 1
 * @param restarts runs with seeds derived from the seed, of which that of least cost counts; 0 for
 *     {@value #RESTARTS_OF_FEW} where they are cheap and {@value #RESTARTS_OF_MANY} elsewhere
 * @param sampleRows rows, about, of the samples that silhouettes, the choice of k and principal
 *     components are taken from; at least 2
 */
public record ClusterSettings(
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
  /** Default of {@link #seed}. */
  public static final long SEED = 42;

  /** Default of {@link #maxIterations}. */
  public static final int MAX_ITERATIONS = 100;

  /** Default of {@link #tolerance}. */
  public static final double TOLERANCE = 1e-4;

  /**
   * Default of {@link #initSteps}; with MLlib's own 2, single runs on a small corpus cost up to 3 %
   * more than the best known.
   */
  public static final int INIT_STEPS = 8;

  /** Default of {@link #restarts}. */
  public static final int RESTARTS = 0;

  private static final int RESTARTS_OF_FEW = 10;
  private static final int RESTARTS_OF_MANY = 3;

  /** Up to so many vectors runs are cheap. */
  private static final long FEW = 10_000;

  /** Default of {@link #sampleRows}. */
  public static final int SAMPLE_ROWS = 10_000;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public ClusterSettings {
    Objects.requireNonNull(k, "k");
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(distance, "distance");
    requireAtLeast("principal components", pcaDimensions, 0);
    requireAtLeast("iterations", maxIterations, 1);
    requireAtLeast("steps of k-means||", initSteps, 1);
    requireAtLeast("restarts", restarts, 0);
    requireAtLeast("sampled rows", sampleRows, 2);
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Cannot cluster: tolerance must be a number of at least 0, found " + tolerance);
    }
  }

  /** Defaults for all but the count of clusters. */
  public static ClusterSettings of(KChoice k) {
    return new ClusterSettings(
        k,
        Algorithm.KMEANS,
        Distance.COSINE,
        0,
        SEED,
        MAX_ITERATIONS,
        TOLERANCE,
        INIT_STEPS,
        RESTARTS,
        SAMPLE_ROWS);
  }

  /** Runs over that many vectors. */
  int restarts(long vectors) {
    if (restarts > 0) {
      return restarts;
    }
    return vectors <= FEW ? RESTARTS_OF_FEW : RESTARTS_OF_MANY;
  }

  private static void requireAtLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "Cannot cluster: %s must be at least %d, found %d".formatted(what, least, value));
    }
  }
}
