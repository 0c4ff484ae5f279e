package org.sparkgbert.search;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.sparkgbert.vector.ProductRanking;
import org.sparkgbert.vector.Similarity;

/**
 * Some rows in the order of their ids: their numbers, their keys, their embeddings, and what scores
 * need from these. Immutable; travels as a broadcast.
 */
final class VectorBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int firstNumber;
  private final int dimension;

  private final byte[][] keys;

  private final float[][] vectors;
  private final double[] squares;
  private final int[] firstEqual;

  private VectorBlock(
      int firstNumber, int dimension, byte[][] keys, float[][] vectors, double[] squares) {
    this.firstNumber = firstNumber;
    this.dimension = dimension;
    this.keys = keys;
    this.vectors = vectors;
    this.squares = squares;
    this.firstEqual = new int[keys.length];
    Map<Double, Integer> firsts = new HashMap<>();
    for (int row = 0; row < keys.length; row++) {
      Integer first = firsts.putIfAbsent(squares[row], row);
      firstEqual[row] = first != null && Arrays.equals(vectors[first], vectors[row]) ? first : row;
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
     * @param vector its elements, which become the block's own
     */
    void add(byte[] key, float[] vector) {
      keys.add(key);
      vectors.add(vector);
    }

    int rows() {
      return keys.size();
    }

    /** A block of all rows, whose elements are finite. */
    VectorBlock build() {
      return build(square -> true);
    }

    /** A block of the rows for which a similarity is defined, perhaps of none. */
    VectorBlock build(Similarity similarity) {
      // A sum of squares of floats, in double precision, overflows or vanishes for no other rows.
      return build(
          square ->
              Double.isFinite(square) && (square > 0 || similarity.isDefinedForZeroVectors()));
    }

    private VectorBlock build(DoublePredicate isWanted) {
      float[][] all = vectors.toArray(float[][]::new);
      double[] squares = DotProducts.squares(all);
      int[] rows =
          IntStream.range(0, all.length).filter(row -> isWanted.test(squares[row])).toArray();
      return new VectorBlock(
          firstNumber,
          dimension,
          IntStream.of(rows).mapToObj(keys::get).toArray(byte[][]::new),
          IntStream.of(rows).mapToObj(row -> all[row]).toArray(float[][]::new),
          IntStream.of(rows).mapToDouble(row -> squares[row]).toArray());
    }
  }

  /** A copy of a row's vector. */
  float[] vector(int row) {
    return vectors[row].clone();
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

  /** What divides its vectors so that none is longer than 1, as a ranking wants it. */
  double[] divisors(ProductRanking ranking) {
    return ranking == ProductRanking.DIRECTIONS ? lengths() : longest();
  }

  /**
   * Writes vectors divided by lengths.
   *
   * @param target receives {@code [to - from, dimension]} from its start; its limit becomes the end
   */
  void putDivided(int from, int to, double[] lengths, FloatBuffer target) {
    float[] divided = new float[dimension];
    target.clear();
    for (int row = from; row < to; row++) {
      divide(row, lengths[row], divided);
      target.put(divided);
    }
    target.flip();
  }

  /**
   * Divides a row's vector by a length.
   *
   * @param divided receives the result
   */
  void divide(int row, double length, float[] divided) {
    scale(vectors[row], 1 / length, divided);
  }

  /** The dot product of a row's vector and another. */
  double product(int row, float[] other) {
    return DotProducts.of(vectors[row], other);
  }

  /** In floats where the factor is a normal one: that is much faster, and rounds twice. */
  private static void scale(float[] vector, double factor, float[] scaled) {
    float rounded = (float) factor;
    if (rounded >= Float.MIN_NORMAL && rounded <= Float.MAX_VALUE) {
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = vector[i] * rounded;
      }
    } else {
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = (float) (vector[i] * factor);
      }
    }
  }

  /** The exact score of two rows. */
  double score(ProductRanking ranking, int row, VectorBlock other, int otherRow) {
    double product = DotProducts.of(vectors[row], other.vectors[otherRow]);
    return ranking.score(product, squares[row], other.squares[otherRow]);
  }

  /**
   * The exact scores of a row and some of another block.
   *
   * @param others these rows, the first {@code count} of them
   * @param count at most {@value DotProducts#LANES}, and fastest with as many
   * @param scores receives their scores
   */
  void scores(
      ProductRanking ranking,
      int row,
      VectorBlock other,
      int[] others,
      int count,
      double[] scores) {
    if (count == 0) {
      return;
    }
    // Several at once take hardly longer than one, so the first takes the place of those that lack.
    float[] vector = vectors[row];
    float[] other0 = other.vectors[others[0]];
    float[] other1 = count > 1 ? other.vectors[others[1]] : other0;
    float[] other2 = count > 2 ? other.vectors[others[2]] : other0;
    float[] other3 = count > 3 ? other.vectors[others[3]] : other0;
    DotProducts.of(vector, other0, vector, other1, vector, other2, vector, other3, scores, 0);
    for (int i = 0; i < count; i++) {
      scores[i] = ranking.score(scores[i], squares[row], other.squares[others[i]]);
    }
  }
}
