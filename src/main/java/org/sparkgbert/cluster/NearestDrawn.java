package org.sparkgbert.cluster;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How far each vector is from the nearest of the rows that k-means|| has drawn so far. Immutable.
 * It is no record, since Kryo cannot serialize those.
 */
final class NearestDrawn implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] squared;
  private final int[] nearest;

  private NearestDrawn(double[] squared, int[] nearest) {
    this.squared = squared;
    this.nearest = nearest;
  }

  /** Of so many vectors, when no row has been drawn: infinitely far. */
  static NearestDrawn ofNone(int rows) {
    double[] squared = new double[rows];
    Arrays.fill(squared, Double.POSITIVE_INFINITY);
    return new NearestDrawn(squared, new int[rows]);
  }

  /**
   * After more rows have been drawn.
   *
   * @param points the vectors
   * @param more {@code [rows, dimension]}
   * @param before how many had been drawn before
   */
  NearestDrawn with(Points points, double[][] more, int before) {
    if (more.length == 0) {
      return this;
    }
    int[] found = new int[squared.length];
    double[] distances = new double[squared.length];
    points.nearest(more, found, distances);
    double[] lower = squared.clone();
    int[] nearer = nearest.clone();
    for (int row = 0; row < squared.length; row++) {
      if (distances[row] < squared[row]) {
        lower[row] = distances[row];
        nearer[row] = before + found[row];
      }
    }
    return new NearestDrawn(lower, nearer);
  }

  /** Sum of the squared Euclidean distances, in the order of the vectors. */
  double cost() {
    return LocalKMeans.sum(squared);
  }

  /** How many vectors each of the rows that were drawn is the nearest of, {@code [drawn]}. */
  double[] sizes(int drawn) {
    double[] sizes = new double[drawn];
    for (int row : nearest) {
      sizes[row]++;
    }
    return sizes;
  }

  /**
   * Draws rows, with probabilities in proportion to their squared distances, or all with the same
   * if none has been drawn before.
   *
   * @param points the vectors
   * @param share by which probability and squared distance differ; where that is infinite, the
   *     probability
   * @return those that differ, in their order
   */
  double[][] draw(Points points, double share, SplittableRandom random) {
    return different(
        IntStream.range(0, squared.length)
            .filter(row -> random.nextDouble() < share * (isFar(row) ? 1 : squared[row]))
            .mapToObj(points::row));
  }

  /** The first of each vector. */
  static double[][] different(Stream<double[]> vectors) {
    Set<double[]> found = new TreeSet<>(Arrays::compare);
    return vectors.filter(found::add).toArray(double[][]::new);
  }

  private boolean isFar(int row) {
    return squared[row] == Double.POSITIVE_INFINITY;
  }
}
