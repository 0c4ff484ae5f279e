package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * K-means over vectors in memory, by the iterations of {@link Lloyd}. Runs start by k-means||, like
 * those of MLlib: more rows than needed are drawn in steps, and clustered by how many rows each is
 * the nearest to. Source: Bahmani et al., 2012. Those clusters start by greedy k-means++: of
 * several candidates for a centroid, the one that lowers the cost most is taken, as in
 * scikit-learn. Source: Arthur and Vassilvitskii, 2007.
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
    this(points, points.ones(), settings);
  }

  /** One run. */
  KMeansRun run(int k, long seed) {
    return from(start(k, new SplittableRandom(seed)));
  }

  /** A run from these centroids, which are not changed. */
  KMeansRun from(double[][] start) {
    Lloyd lloyd = new Lloyd(start, settings);
    while (lloyd.isMoving()) {
      lloyd.move(ClusterSums.of(points, weights, lloyd.centroids()));
    }
    return lloyd.run();
  }

  /**
   * Over rows that k-means|| has drawn.
   *
   * @param drawn the rows, at least one
   * @param sizes how many vectors each of them is the nearest of
   */
  static LocalKMeans ofDrawn(List<double[]> drawn, double[] sizes, ClusteringSettings settings) {
    Points few = Points.of(drawn.size(), drawn.get(0).length, drawn::get);
    return new LocalKMeans(few, sizes, settings);
  }

  /** One run that starts by greedy k-means++. */
  KMeansRun greedyRun(int k, SplittableRandom random) {
    return from(greedy(k, random));
  }

  /** By k-means||; if it draws too few rows, by k-means++ over all. */
  private double[][] start(int k, SplittableRandom random) {
    List<double[]> drawn = new ArrayList<>();
    drawn.add(points.row(random.nextInt(points.rows())));
    NearestDrawn nearest =
        NearestDrawn.ofNone(points.rows()).with(points, drawn.toArray(double[][]::new), 0);
    for (int step = 0; step < settings.initSteps() && nearest.cost() > 0; step++) {
      double[][] more = nearest.draw(points, 2 * k / nearest.cost(), random);
      nearest = nearest.with(points, more, drawn.size());
      drawn.addAll(List.of(more));
    }
    return drawn.size() <= k
        ? greedy(k, random)
        : ofDrawn(drawn, nearest.sizes(drawn.size()), settings).greedyRun(k, random).centroids();
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

  /** In the order of rows, which the streams of Java do not promise. */
  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
