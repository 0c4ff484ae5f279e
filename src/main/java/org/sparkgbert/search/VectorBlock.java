package org.sparkgbert.search;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.sparkgbert.vector.ProductRanking;

/**
 * Some rows in the order of their ids: their numbers, their keys, their embeddings, and what scores
 * need from these. Immutable; travels as a broadcast.
 */
final class VectorBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int firstNumber;
  private final int dimension;

  private final byte[][] keys;

  private final float[] vectors;
  private final double[] squares;
  private final int[] firstEqual;

  private VectorBlock(int firstNumber, int dimension, byte[][] keys, float[] vectors) {
    this.firstNumber = firstNumber;
    this.dimension = dimension;
    this.keys = keys;
    this.vectors = vectors;
    this.squares = new double[keys.length];
    this.firstEqual = new int[keys.length];
    Map<Double, Integer> firsts = new HashMap<>();
    for (int row = 0; row < keys.length; row++) {
      squares[row] = dot(row, this, row);
      Integer first = firsts.putIfAbsent(squares[row], row);
      firstEqual[row] = first != null && isEqual(first, row) ? first : row;
    }
  }

  /** Collects the rows of a block. */
  static final class Builder {
    private final int firstNumber;
    private final int dimension;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<float[]> vectors = new ArrayList<>();

    /**
     * @param firstNumber number of the first row; the others follow it
     * @param dimension elements of a vector
     */
    Builder(int firstNumber, int dimension) {
      this.firstNumber = firstNumber;
      this.dimension = dimension;
    }

    /**
     * @param key the row's id and carried columns; see {@link RowKeys}
     * @param vector finite elements
     */
    void add(byte[] key, float[] vector) {
      keys.add(key);
      vectors.add(vector);
    }

    int rows() {
      return keys.size();
    }

    VectorBlock build() {
      float[] all = new float[Math.multiplyExact(rows(), dimension)];
      for (int row = 0; row < rows(); row++) {
        System.arraycopy(vectors.get(row), 0, all, row * dimension, dimension);
      }
      return new VectorBlock(firstNumber, dimension, keys.toArray(byte[][]::new), all);
    }
  }

  private boolean isEqual(int one, int other) {
    int left = one * dimension;
    int right = other * dimension;
    return Arrays.equals(vectors, left, left + dimension, vectors, right, right + dimension);
  }

  /** A copy of a row's vector. */
  float[] vector(int row) {
    return Arrays.copyOfRange(vectors, row * dimension, (row + 1) * dimension);
  }

  int rows() {
    return keys.length;
  }

  int dimension() {
    return dimension;
  }

  /** A row's place among all rows of the corpus. */
  int number(int row) {
    return firstNumber + row;
  }

  /** A row's id and carried columns. */
  byte[] key(int row) {
    return keys[row];
  }

  /**
   * A row of this block with the same vector; nearly always the same one for all that are equal.
   */
  int firstEqual(int row) {
    return firstEqual[row];
  }

  /** Length of a row's vector; 1 for a zero vector, so that it can be divided by it. */
  double length(int row) {
    return squares[row] > 0 ? Math.sqrt(squares[row]) : 1;
  }

  /** Lengths of all rows. */
  double[] lengths() {
    double[] lengths = new double[rows()];
    Arrays.setAll(lengths, this::length);
    return lengths;
  }

  /** The longest row's length, for each row. */
  double[] longest() {
    double[] lengths = lengths();
    Arrays.fill(lengths, DoubleStream.of(lengths).max().orElse(1));
    return lengths;
  }

  /**
   * Writes vectors divided by lengths.
   *
   * @param target receives {@code [to - from, dimension]} from its start; its limit becomes the end
   */
  void putDivided(int from, int to, double[] lengths, FloatBuffer target) {
    float[] scaled = new float[dimension];
    target.clear();
    for (int row = from; row < to; row++) {
      double factor = 1 / lengths[row];
      for (int i = 0; i < dimension; i++) {
        scaled[i] = (float) (vectors[row * dimension + i] * factor);
      }
      target.put(scaled);
    }
    target.flip();
  }

  /** The exact score of two rows. */
  double score(ProductRanking ranking, int row, VectorBlock other, int otherRow) {
    return ranking.score(dot(row, other, otherRow), squares[row], other.squares[otherRow]);
  }

  private double dot(int row, VectorBlock other, int otherRow) {
    int left = row * dimension;
    int right = otherRow * dimension;
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      sum += (double) vectors[left + i] * other.vectors[right + i];
    }
    return sum;
  }
}
