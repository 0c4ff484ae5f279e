package org.sparkgbert.cluster;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Vectors in memory, {@code [rows, dimension]}, in blocks of {@value #BLOCK} rows that are stored
 * dimension by dimension, so that Java compiles loops over the rows of a block to vector
 * instructions. Immutable.
 *
 * <p><b>Repeatable:</b> to the last bit on every machine. A sum over dimensions is always added in
 * the same order, whatever the width of the machine's vectors, and Java does not fuse products with
 * sums. Equal vectors are at a distance of exactly 0.
 *
 * <p><b>Memory:</b> 8 bytes per value.
 */
final class Points implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BLOCK = 128;

  /** Dimensions that one loop reads; the last ones are filled up with zeros. */
  private static final int STEP = 4;

  private final int rows;
  private final int dimension;

  /** {@code [rows / BLOCK, dimension, rows of the block]}. */
  private final double[][][] blocks;

  private Points(int rows, int dimension, double[][][] blocks) {
    this.rows = rows;
    this.dimension = dimension;
    this.blocks = blocks;
  }

  /**
   * Copies vectors.
   *
   * @param vector the vector of each row, {@code [dimension]}
   */
  static Points of(int rows, int dimension, IntFunction<double[]> vector) {
    double[][][] blocks = new double[(rows + BLOCK - 1) / BLOCK][][];
    for (int block = 0; block < blocks.length; block++) {
      int first = block * BLOCK;
      blocks[block] = block(first, Math.min(BLOCK, rows - first), dimension, vector);
    }
    return new Points(rows, dimension, blocks);
  }

  private static double[][] block(int first, int size, int dimension, IntFunction<double[]> row) {
    double[][] block = new double[(dimension + STEP - 1) / STEP * STEP][size];
    for (int i = 0; i < size; i++) {
      double[] vector = row.apply(first + i);
      for (int d = 0; d < dimension; d++) {
        block[d][i] = vector[d];
      }
    }
    return block;
  }

  int rows() {
    return rows;
  }

  int dimension() {
    return dimension;
  }

  /** A copy of a vector. */
  double[] row(int row) {
    double[][] block = blocks[row / BLOCK];
    double[] vector = new double[dimension];
    for (int d = 0; d < dimension; d++) {
      vector[d] = block[d][row % BLOCK];
    }
    return vector;
  }

  /** Number of vectors that are zero. */
  long zeros() {
    return Arrays.stream(squaredDistances(new double[dimension])).filter(each -> each == 0).count();
  }

  /** A copy of some vectors. */
  Points at(int... some) {
    return of(some.length, dimension, i -> row(some[i]));
  }

  /**
   * Finds the nearest centroid of each row, of equally near ones the first. One with a NaN is never
   * the nearest.
   *
   * @param clusters receives its number; not changed where there is none
   * @param squared receives the squared Euclidean distance to it; infinity where there is none
   */
  void nearest(double[][] centroids, int[] clusters, double[] squared) {
    double[][] found = new double[centroids.length][BLOCK];
    Arrays.fill(squared, Double.POSITIVE_INFINITY);
    for (int block = 0; block < blocks.length; block++) {
      squaredDistances(blocks[block], centroids, found);
      for (int centroid = 0; centroid < centroids.length; centroid++) {
        lower(found[centroid], size(block), block * BLOCK, centroid, clusters, squared);
      }
    }
  }

  private static void lower(
      double[] found, int size, int first, int centroid, int[] clusters, double[] squared) {
    for (int i = 0; i < size; i++) {
      if (found[i] < squared[first + i]) {
        squared[first + i] = found[i];
        clusters[first + i] = centroid;
      }
    }
  }

  /** The squared Euclidean distance of each row to a vector, {@code [rows]}. */
  double[] squaredDistances(double[] vector) {
    double[] squared = new double[rows];
    double[][] found = new double[1][BLOCK];
    for (int block = 0; block < blocks.length; block++) {
      squaredDistances(blocks[block], new double[][] {vector}, found);
      System.arraycopy(found[0], 0, squared, block * BLOCK, size(block));
    }
    return squared;
  }

  /**
   * Dimensions are in the outer loop, so that the processor's nearest cache holds what all vectors
   * need of a block: a whole block does not fit into it.
   */
  private static void squaredDistances(double[][] block, double[][] vectors, double[][] found) {
    for (double[] sums : found) {
      Arrays.fill(sums, 0);
    }
    for (int d = 0; d < block.length; d += STEP) {
      for (int i = 0; i < vectors.length; i++) {
        add(
            found[i],
            block[d],
            block[d + 1],
            block[d + 2],
            block[d + 3],
            vectors[i][d],
            at(vectors[i], d + 1),
            at(vectors[i], d + 2),
            at(vectors[i], d + 3));
      }
    }
  }

  private static double at(double[] vector, int d) {
    return d < vector.length ? vector[d] : 0;
  }

  /** A loop that Java compiles to vector instructions. */
  private static void add(
      double[] sums,
      double[] xs,
      double[] ys,
      double[] zs,
      double[] us,
      double x,
      double y,
      double z,
      double u) {
    for (int i = 0; i < xs.length; i++) {
      double dx = xs[i] - x;
      double dy = ys[i] - y;
      double dz = zs[i] - z;
      double du = us[i] - u;
      sums[i] += (dx * dx + dy * dy) + (dz * dz + du * du);
    }
  }

  /** The sums of the vectors of each cluster, {@code [k, dimension]}. */
  double[][] sums(int[] clusters, int k) {
    return sums(clusters, ones(), k);
  }

  /** A weight of 1 for each row. */
  double[] ones() {
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * The sums of the vectors of each cluster, {@code [k, dimension]}.
   *
   * @param clusters the cluster of each row, from 0 to k - 1
   * @param weights the weight of each row
   */
  double[][] sums(int[] clusters, double[] weights, int k) {
    double[][] byDimension = new double[dimension][k];
    for (int block = 0; block < blocks.length; block++) {
      int first = block * BLOCK;
      for (int d = 0; d < dimension; d++) {
        double[] values = blocks[block][d];
        double[] sums = byDimension[d];
        for (int i = 0; i < values.length; i++) {
          sums[clusters[first + i]] += weights[first + i] * values[i];
        }
      }
    }
    double[][] sums = new double[k][dimension];
    for (int cluster = 0; cluster < k; cluster++) {
      for (int d = 0; d < dimension; d++) {
        sums[cluster][d] = byDimension[d][cluster];
      }
    }
    return sums;
  }

  /** The mean of all vectors, {@code [dimension]}; NaN if there are none. */
  double[] mean() {
    return Arrays.stream(sums(new int[rows], 1)[0]).map(sum -> sum / rows).toArray();
  }

  /** These vectors minus a vector. */
  Points minus(double[] vector) {
    return of(
        rows,
        dimension,
        row -> {
          double[] moved = row(row);
          Arrays.setAll(moved, d -> moved[d] - vector[d]);
          return moved;
        });
  }

  /** The sum over all rows of the product of two dimensions. */
  double product(int one, int other) {
    double sum = 0;
    for (double[][] block : blocks) {
      sum += product(block[one], block[other]);
    }
    return sum;
  }

  private static double product(double[] xs, double[] ys) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < xs.length; i += 2) {
      even += xs[i] * ys[i];
      odd += xs[i + 1] * ys[i + 1];
    }
    return even + odd + (i < xs.length ? xs[i] * ys[i] : 0);
  }

  private int size(int block) {
    return blocks[block][0].length;
  }
}
