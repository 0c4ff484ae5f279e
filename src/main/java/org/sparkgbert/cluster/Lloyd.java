package org.sparkgbert.cluster;

import java.util.Arrays;

/**
 * The centroids of one run of k-means on their way, by the rules of MLlib: the same steps from the
 * same centroids, the same end, the same cost. Source: Lloyd, Least squares quantization in PCM,
 * 1982.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class Lloyd {
  private final ClusteringSettings settings;
  private final double[][] centroids;
  private boolean moved = true;
  private int iterations;
  private double cost;

  /**
   * @param start {@code [k, dimension]}; not changed
   */
  Lloyd(double[][] start, ClusteringSettings settings) {
    this.centroids = start.clone();
    this.settings = settings;
  }

  /** Whether there is a next iteration. */
  boolean isMoving() {
    return moved && iterations < settings.maxIterations();
  }

  /** The centroids of the next iteration, {@code [k, dimension]}; not a copy. */
  double[][] centroids() {
    return centroids;
  }

  /**
   * Moves the centroids to the means of their rows; one without rows stays.
   *
   * @param found with {@link #centroids}
   */
  void move(ClusterSums found) {
    double most = settings.tolerance() * settings.tolerance();
    moved = false;
    for (int i = 0; i < centroids.length; i++) {
      if (found.sizes()[i] > 0) {
        double[] centroid = centroid(found.sums()[i], found.sizes()[i]);
        moved |= !(squaredDistance(centroids[i], centroid) <= most);
        centroids[i] = centroid;
      }
    }
    cost = found.cost();
    iterations++;
  }

  private double[] centroid(double[] sum, double size) {
    double[] mean = Arrays.stream(sum).map(value -> value / size).toArray();
    return switch (settings.distance()) {
      case EUCLIDEAN -> mean;
      case COSINE -> {
        double length = Math.sqrt(squaredDistance(mean, new double[mean.length]));
        yield Arrays.stream(mean).map(value -> value / length).toArray();
      }
    };
  }

  private static double squaredDistance(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  /** What the iterations so far have found. */
  KMeansRun run() {
    boolean finite =
        Arrays.stream(centroids).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
    return new KMeansRun(centroids, finite ? cost : Double.POSITIVE_INFINITY, iterations);
  }
}
