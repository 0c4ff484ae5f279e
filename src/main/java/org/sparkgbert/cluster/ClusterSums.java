package org.sparkgbert.cluster;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;

/**
 * What an iteration of k-means sums up after it has assigned vectors to their nearest centroids.
 *
 * @param sums of the vectors of each cluster, {@code [k, dimension]}
 * @param sizes of the clusters, {@code [k]}
 * @param cost sum of squared Euclidean distances to the centroids
 */
record ClusterSums(double[][] sums, double[] sizes, double cost) {

  /**
   * Assigns vectors to the nearest centroids, and sums them up in their order.
   *
   * @param weights how many rows each vector stands for
   * @param centroids {@code [k, dimension]}
   */
  static ClusterSums of(Points points, double[] weights, double[][] centroids) {
    int[] clusters = new int[points.rows()];
    double[] squared = new double[points.rows()];
    points.nearest(centroids, clusters, squared);
    double[] sizes = new double[centroids.length];
    double cost = 0;
    for (int row = 0; row < clusters.length; row++) {
      sizes[clusters[row]] += weights[row];
      cost += weights[row] * squared[row];
    }
    return new ClusterSums(points.sums(clusters, weights, centroids.length), sizes, cost);
  }

  /** The same of vectors that each stand for one row. */
  static ClusterSums of(Points points, double[][] centroids) {
    return of(points, points.ones(), centroids);
  }

  /**
   * As arrays that can be added, each of which a task may go on with: the sum of a cluster and its
   * size, of those that have vectors, and last the cost.
   *
   * @param add is told the number of an array, from 0 to k, and the array
   */
  void pack(ObjIntConsumer<double[]> add) {
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      if (sizes[cluster] > 0) {
        double[] packed = Arrays.copyOf(sums[cluster], sums[cluster].length + 1);
        packed[sums[cluster].length] = sizes[cluster];
        add.accept(packed, cluster);
      }
    }
    add.accept(new double[] {cost}, sizes.length);
  }

  /**
   * From arrays that {@link #pack} made, added up.
   *
   * @param packed the array of a number; null for a cluster without vectors
   */
  static ClusterSums unpack(int k, int dimension, IntFunction<double[]> packed) {
    double[][] sums = new double[k][];
    double[] sizes = new double[k];
    for (int cluster = 0; cluster < k; cluster++) {
      double[] found = packed.apply(cluster);
      sums[cluster] = found == null ? new double[dimension] : Arrays.copyOf(found, dimension);
      sizes[cluster] = found == null ? 0 : found[dimension];
    }
    return new ClusterSums(sums, sizes, packed.apply(k)[0]);
  }
}
