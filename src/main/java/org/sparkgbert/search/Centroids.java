package org.sparkgbert.search;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.sparkgbert.onnx.BlockProduct;

/**
 * The centroids of an index' cells. Immutable; travels as a broadcast.
 *
 * <p>A row belongs to the cell of the nearest centroid: of the least euclidean distance to its
 * vector, or to its direction if directions are compared. A question asks cells in the order of the
 * products of their centroids with it.
 */
final class Centroids implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int dimension;
  private final int[] cells;
  private final float[] vectors;
  private final float[] halfSquares;

  /**
   * @param cells number of each centroid's cell, ascending
   * @param vectors {@code [cells, dimension]}; owned, not copied
   */
  Centroids(int dimension, int[] cells, float[] vectors) {
    this.dimension = dimension;
    this.cells = cells;
    this.vectors = vectors;
    this.halfSquares = new float[cells.length];
    for (int cell = 0; cell < cells.length; cell++) {
      double squares = 0;
      for (int i = 0; i < dimension; i++) {
        squares += (double) vectors[cell * dimension + i] * vectors[cell * dimension + i];
      }
      halfSquares[cell] = (float) (squares / 2);
    }
  }

  /**
   * Centroids of cells that are numbered from 0.
   *
   * @param vectors at least one
   */
  static Centroids numbered(List<float[]> vectors) {
    int dimension = vectors.get(0).length;
    float[] all = new float[Math.multiplyExact(vectors.size(), dimension)];
    for (int i = 0; i < vectors.size(); i++) {
      System.arraycopy(vectors.get(i), 0, all, i * dimension, dimension);
    }
    return new Centroids(dimension, IntStream.range(0, vectors.size()).toArray(), all);
  }

  int dimension() {
    return dimension;
  }

  /** How many there are. */
  int count() {
    return cells.length;
  }

  /** Numbers of all cells. */
  Object[] cells() {
    return Arrays.stream(cells).boxed().toArray();
  }

  /** The number of a centroid's cell. */
  int cell(int centroid) {
    return cells[centroid];
  }

  float[] vector(int centroid) {
    return Arrays.copyOfRange(vectors, centroid * dimension, (centroid + 1) * dimension);
  }

  /** The centroid of the cell with that number; null if there is none. */
  float[] ofCell(int cell) {
    int centroid = Arrays.binarySearch(cells, cell);
    return centroid < 0 ? null : vector(centroid);
  }

  /** Those of some cells. */
  Centroids ofCells(Set<Integer> some) {
    int[] kept =
        IntStream.range(0, count()).filter(centroid -> some.contains(cells[centroid])).toArray();
    float[] those = new float[kept.length * dimension];
    for (int i = 0; i < kept.length; i++) {
      System.arraycopy(vectors, kept[i] * dimension, those, i * dimension, dimension);
    }
    return new Centroids(dimension, Arrays.stream(kept).map(this::cell).toArray(), those);
  }

  /**
   * The nearest centroid of each vector.
   *
   * @param matrix {@code [rows, dimension]}: the vectors, or their directions; direct
   * @return numbers of centroids
   */
  int[] nearest(FloatBuffer matrix, BlockProduct product, Workspace workspace) {
    int rows = matrix.remaining() / dimension;
    FloatBuffer columns = workspace.columns(vectors.length);
    columns.put(vectors).flip();
    FloatBuffer products = workspace.scores(Math.multiplyExact(rows, count()));
    product.multiply(matrix, columns, dimension, products);
    float[] ofRow = new float[count()];
    int[] nearest = new int[rows];
    for (int row = 0; row < rows; row++) {
      products.get(row * count(), ofRow);
      nearest[row] = nearest(ofRow);
    }
    return nearest;
  }

  private int nearest(float[] products) {
    int best = 0;
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < products.length; i++) {
      float score = products[i] - halfSquares[i];
      if (score > highest) {
        highest = score;
        best = i;
      }
    }
    return best;
  }

  /**
   * How much better the nearest centroid fits a vector than that of a cell: half the difference of
   * their squared distances, at least 0. Infinite if there is no such cell.
   *
   * @param vector the vector, or its direction
   */
  double lead(float[] vector, int cell) {
    double best = Double.NEGATIVE_INFINITY;
    double own = Double.NEGATIVE_INFINITY;
    for (int centroid = 0; centroid < count(); centroid++) {
      double score = -halfSquares[centroid];
      for (int i = 0; i < dimension; i++) {
        score += (double) vector[i] * vectors[centroid * dimension + i];
      }
      best = Math.max(best, score);
      own = cells[centroid] == cell ? score : own;
    }
    return best - own;
  }

  /** Numbers of all centroids, the one whose product with a vector is the highest first. */
  int[] ranked(float[] vector) {
    double[] products = new double[count()];
    for (int centroid = 0; centroid < count(); centroid++) {
      for (int i = 0; i < dimension; i++) {
        products[centroid] += (double) vector[i] * vectors[centroid * dimension + i];
      }
    }
    return IntStream.range(0, count())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer centroid) -> -products[centroid]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
