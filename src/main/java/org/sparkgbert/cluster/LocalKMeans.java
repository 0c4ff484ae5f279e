package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;

/**
 * Lloyd's k-means over vectors in memory, by the rules of MLlib: the same steps from the same
 * centroids, the same end, the same cost. Runs start by greedy k-means++. Source: Arthur and
 * Vassilvitskii, 2007; of several candidates for a centroid, the one that lowers the cost most is
 * taken, as in scikit-learn.
 *
 * <p><b>Repeatable:</b> for one seed, to the last bit; see {@link Points}.
 *
 * <p><b>Threads:</b> safe for many.
 *
 * @param points the vectors, of unit length with {@link Distance#COSINE}
 */
record LocalKMeans(Points points, ClusteringSettings settings) {

  /**
   * A run's result.
   *
   * @param centroids {@code [k, dimension]}, fewer if there are fewer distinct vectors; of unit
   *     length with {@link Distance#COSINE}, NaN where the vectors of a cluster cancel each other
   *     out
   * @param cost sum of squared Euclidean distances to the centroids, as the last iteration found
   *     them; infinite if a centroid is NaN
   * @param iterations number of iterations
   */
  record Run(double[][] centroids, double cost, int iterations) {
    /** As MLlib's model, without names of columns. */
    KMeansModel model(ClusteringSettings settings, int k, long seed) {
      Vector[] centers = Arrays.stream(centroids).map(Vectors::dense).toArray(Vector[]::new);
      String measure = settings.distance().measure();
      KMeansModel model =
          new KMeansModel(
              "kmeans_" + Long.toHexString(seed),
              new org.apache.spark.mllib.clustering.KMeansModel(
                  centers, measure, cost, iterations));
      model.set(model.k(), k);
      model.set(model.distanceMeasure(), measure);
      model.set(model.seed(), seed);
      model.set(model.maxIter(), settings.maxIterations());
      model.set(model.tol(), settings.distance().mllibTolerance(settings.tolerance()));
      return model;
    }
  }

  /** One run. */
  Run run(int k, long seed) {
    return from(start(k, new SplittableRandom(seed)));
  }

  /** A run from these centroids, which are not changed. */
  Run from(double[][] start) {
    double[][] centroids = start.clone();
    int[] clusters = new int[points.rows()];
    double[] squared = new double[points.rows()];
    boolean moved = true;
    int iterations = 0;
    while (moved && iterations < settings.maxIterations()) {
      points.nearest(centroids, clusters, squared);
      moved = move(centroids, clusters);
      iterations++;
    }
    double cost = isFinite(centroids) ? sum(squared) : Double.POSITIVE_INFINITY;
    return new Run(centroids, cost, iterations);
  }

  /**
   * Moves the centroids to the means of their rows; one without rows stays.
   *
   * @return whether one moved farther than the tolerance
   */
  private boolean move(double[][] centroids, int[] clusters) {
    double[][] sums = points.sums(clusters, centroids.length);
    int[] sizes = new int[centroids.length];
    for (int cluster : clusters) {
      sizes[cluster]++;
    }
    double most = settings.tolerance() * settings.tolerance();
    boolean moved = false;
    for (int i = 0; i < centroids.length; i++) {
      if (sizes[i] > 0) {
        double[] centroid = centroid(sums[i], sizes[i]);
        moved |= !(squaredDistance(centroids[i], centroid) <= most);
        centroids[i] = centroid;
      }
    }
    return moved;
  }

  private double[] centroid(double[] sum, int size) {
    double[] mean = Arrays.stream(sum).map(value -> value / size).toArray();
    return switch (settings.distance()) {
      case EUCLIDEAN -> mean;
      case COSINE -> {
        double length = Math.sqrt(squaredDistance(mean, new double[mean.length]));
        yield Arrays.stream(mean).map(value -> value / length).toArray();
      }
    };
  }

  /** Fewer than k if all vectors are as near to one of fewer as can be. */
  private double[][] start(int k, SplittableRandom random) {
    List<double[]> chosen = new ArrayList<>();
    chosen.add(points.row(random.nextInt(points.rows())));
    double[] squared = points.squaredDistances(chosen.get(0));
    int candidates = 2 + (int) Math.log(k);
    while (chosen.size() < k && sum(squared) > 0) {
      double[] best = null;
      int row = -1;
      for (int i = 0; i < candidates; i++) {
        int candidate = draw(squared, random);
        double[] with = lower(squared, points.squaredDistances(points.row(candidate)));
        if (best == null || sum(with) < sum(best)) {
          best = with;
          row = candidate;
        }
      }
      chosen.add(points.row(row));
      squared = best;
    }
    return chosen.toArray(double[][]::new);
  }

  /** A row, with a probability in proportion to its weight. */
  private static int draw(double[] weights, SplittableRandom random) {
    double end = random.nextDouble() * sum(weights);
    double sum = 0;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      if (weights[i] > 0) {
        last = i;
        if (sum > end) {
          break;
        }
      }
    }
    return last;
  }

  private static double[] lower(double[] one, double[] other) {
    double[] lower = new double[one.length];
    Arrays.setAll(lower, i -> Math.min(one[i], other[i]));
    return lower;
  }

  private static double squaredDistance(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  private static boolean isFinite(double[][] centroids) {
    return Arrays.stream(centroids).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  /** In the order of rows, which the streams of Java do not promise. */
  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
