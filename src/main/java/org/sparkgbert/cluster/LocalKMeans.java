package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;

/**
 * Lloyd's k-means over vectors in memory, by the rules of MLlib: the same steps from the same
 * centroids, the same end, the same cost. Runs start by k-means||, like those of MLlib: more rows
 * than needed are drawn in steps, and clustered by how many rows each is the nearest to. Source:
 * Bahmani et al., 2012. Those clusters start by greedy k-means++: of several candidates for a
 * centroid, the one that lowers the cost most is taken, as in scikit-learn. Source: Arthur and
 * Vassilvitskii, 2007.
 *
 * <p><b>Repeatable:</b> for one seed, to the last bit; see {@link Points}.
 *
 * <p><b>Threads:</b> safe for many.
 *
 * @param points the vectors, of unit length with {@link Distance#COSINE}
 * @param weights how many rows each vector stands for
 */
record LocalKMeans(Points points, double[] weights, ClusteringSettings settings) {
  /** Vectors that each stand for one row. */
  LocalKMeans(Points points, ClusteringSettings settings) {
    this(points, ones(points.rows()), settings);
  }

  private static double[] ones(int rows) {
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    return ones;
  }

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
    double cost = isFinite(centroids) ? sum(weighted(squared)) : Double.POSITIVE_INFINITY;
    return new Run(centroids, cost, iterations);
  }

  /**
   * Moves the centroids to the means of their rows; one without rows stays.
   *
   * @return whether one moved farther than the tolerance
   */
  private boolean move(double[][] centroids, int[] clusters) {
    double[][] sums = points.sums(clusters, weights, centroids.length);
    double[] sizes = new double[centroids.length];
    for (int row = 0; row < clusters.length; row++) {
      sizes[clusters[row]] += weights[row];
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

  /** By k-means||; if it draws too few rows, by k-means++ over all. */
  private double[][] start(int k, SplittableRandom random) {
    List<double[]> drawn = new ArrayList<>();
    drawn.add(points.row(random.nextInt(points.rows())));
    double[] squared = points.squaredDistances(drawn.get(0));
    int[] nearest = new int[points.rows()];
    for (int step = 0; step < settings.initSteps() && sum(squared) > 0; step++) {
      double[][] more = draw(2 * k, squared, random);
      if (more.length > 0) {
        bringNearer(squared, nearest, more, drawn.size());
        drawn.addAll(List.of(more));
      }
    }
    if (drawn.size() <= k) {
      return greedy(k, random);
    }
    double[] sizes = new double[drawn.size()];
    for (int row : nearest) {
      sizes[row]++;
    }
    Points few = Points.of(sizes.length, points.dimension(), drawn::get);
    LocalKMeans ofDrawn = new LocalKMeans(few, sizes, settings);
    return ofDrawn.from(ofDrawn.greedy(k, random)).centroids();
  }

  /** About so many rows, with probabilities in proportion to their squared distances. */
  private double[][] draw(int about, double[] squared, SplittableRandom random) {
    double scale = about / sum(squared);
    return IntStream.range(0, squared.length)
        .filter(row -> random.nextDouble() < scale * squared[row])
        .mapToObj(points::row)
        .toArray(double[][]::new);
  }

  private void bringNearer(double[] squared, int[] nearest, double[][] more, int first) {
    int[] found = new int[squared.length];
    double[] distances = new double[squared.length];
    points.nearest(more, found, distances);
    for (int row = 0; row < squared.length; row++) {
      if (distances[row] < squared[row]) {
        squared[row] = distances[row];
        nearest[row] = first + found[row];
      }
    }
  }

  /** Fewer than k if there are fewer distinct vectors. */
  private double[][] greedy(int k, SplittableRandom random) {
    List<double[]> chosen = new ArrayList<>();
    chosen.add(points.row(draw(weights, random)));
    double[] squared = points.squaredDistances(chosen.get(0));
    int candidates = 2 + (int) Math.log(k);
    while (chosen.size() < k && sum(weighted(squared)) > 0) {
      double[] best = null;
      int row = -1;
      for (int i = 0; i < candidates; i++) {
        int candidate = draw(weighted(squared), random);
        double[] with = lower(squared, points.squaredDistances(points.row(candidate)));
        if (best == null || sum(weighted(with)) < sum(weighted(best))) {
          best = with;
          row = candidate;
        }
      }
      chosen.add(points.row(row));
      squared = best;
    }
    return chosen.toArray(double[][]::new);
  }

  private double[] weighted(double[] values) {
    double[] weighted = new double[values.length];
    Arrays.setAll(weighted, i -> weights[i] * values[i]);
    return weighted;
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
