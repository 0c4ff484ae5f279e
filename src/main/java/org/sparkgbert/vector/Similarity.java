package org.sparkgbert.vector;

import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.sparkgbert.lake.ArrayNulls;
import org.sparkgbert.settings.Labels;

/**
 * A measure of how alike two embeddings are, or how far apart. Each constant holds everything about
 * one measure.
 *
 * <p>Each has a pair of names: its own, on the command line ({@link #label}) and in tables ({@link
 * #column}), and that of its SQL function ({@link #sqlName}), which follows Spark 4.2. SQL calls
 * the dot product inner product, the euclidean distance L2 and the manhattan distance L1.
 *
 * <p>Values are summed in double precision. They depend on nothing but the two vectors, which may
 * be swapped without changing a bit. A NaN element makes the value NaN. Nothing overflows: the
 * square of any float fits in a double.
 *
 * <p><b>Threads:</b> any number. <b>Ownership:</b> vectors are only read.
 */
public enum Similarity {
  /** Cosine of the angle, from -1 to 1; undefined for a zero vector, which has no angle. */
  COSINE(
      "cosine_similarity",
      "vector_cosine_similarity",
      "Cosine of the angle between two vectors, from -1 to 1; null for a zero vector.") {
    @Override
    double value(float[] left, float[] right) {
      double product = 0;
      double leftSquares = 0;
      double rightSquares = 0;
      for (int i = 0; i < left.length; i++) {
        double a = left[i];
        double b = right[i];
        product += a * b;
        leftSquares += a * a;
        rightSquares += b * b;
      }
      double cosine = ProductRanking.DIRECTIONS.score(product, leftSquares, rightSquares);
      return Math.max(-1, Math.min(1, cosine));
    }

    @Override
    public boolean isDefinedForZeroVectors() {
      return false;
    }

    @Override
    public Optional<ProductRanking> ranking() {
      return Optional.of(ProductRanking.DIRECTIONS);
    }
  },

  /** Sum of the products of elements; 0 for vectors without elements. */
  DOT("dot_product", "vector_inner_product", "Sum of the products of two vectors' elements.") {
    @Override
    double value(float[] left, float[] right) {
      double sum0 = 0;
      double sum1 = 0;
      double sum2 = 0;
      double sum3 = 0;
      int i = 0;
      for (; i < left.length - (LANES - 1); i += LANES) {
        sum0 += (double) left[i] * right[i];
        sum1 += (double) left[i + 1] * right[i + 1];
        sum2 += (double) left[i + 2] * right[i + 2];
        sum3 += (double) left[i + 3] * right[i + 3];
      }
      for (; i < left.length; i++) {
        sum0 += (double) left[i] * right[i];
      }
      return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public Optional<ProductRanking> ranking() {
      return Optional.of(ProductRanking.PRODUCTS);
    }
  },

  /** Length of the difference, at least 0; 0 for vectors without elements. */
  EUCLIDEAN(
      "euclidean_distance",
      "vector_l2_distance",
      "Euclidean distance between two vectors, at least 0.") {
    @Override
    double value(float[] left, float[] right) {
      double sum0 = 0;
      double sum1 = 0;
      double sum2 = 0;
      double sum3 = 0;
      int i = 0;
      for (; i < left.length - (LANES - 1); i += LANES) {
        sum0 += squaredDifference(left[i], right[i]);
        sum1 += squaredDifference(left[i + 1], right[i + 1]);
        sum2 += squaredDifference(left[i + 2], right[i + 2]);
        sum3 += squaredDifference(left[i + 3], right[i + 3]);
      }
      for (; i < left.length; i++) {
        sum0 += squaredDifference(left[i], right[i]);
      }
      return Math.sqrt((sum0 + sum1) + (sum2 + sum3));
    }

    private static double squaredDifference(double left, double right) {
      double difference = left - right;
      return difference * difference;
    }

    @Override
    public boolean isDistance() {
      return true;
    }
  },

  /** Sum of the absolute differences of elements, at least 0; 0 for vectors without elements. */
  MANHATTAN(
      "manhattan_distance",
      "vector_l1_distance",
      "Manhattan distance between two vectors, at least 0.") {
    @Override
    double value(float[] left, float[] right) {
      double sum0 = 0;
      double sum1 = 0;
      double sum2 = 0;
      double sum3 = 0;
      int i = 0;
      for (; i < left.length - (LANES - 1); i += LANES) {
        sum0 += Math.abs((double) left[i] - right[i]);
        sum1 += Math.abs((double) left[i + 1] - right[i + 1]);
        sum2 += Math.abs((double) left[i + 2] - right[i + 2]);
        sum3 += Math.abs((double) left[i + 3] - right[i + 3]);
      }
      for (; i < left.length; i++) {
        sum0 += Math.abs((double) left[i] - right[i]);
      }
      return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public boolean isDistance() {
      return true;
    }
  };

  /** Independent partial sums: by measurement, they save a quarter to a half of the time. */
  private static final int LANES = 4;

  private final String column;
  private final String sqlName;
  private final String help;

  Similarity(String column, String sqlName, String help) {
    this.column = column;
    this.sqlName = sqlName;
    this.help = help;
  }

  /**
   * The measure itself.
   *
   * @param left not zero where {@link #isDefinedForZeroVectors} is false
   * @param right of the same dimension, likewise
   */
  abstract double value(float[] left, float[] right);

  /**
   * The measure of two vectors.
   *
   * @return empty if it is not defined for zero vectors, and one of the two is zero or has no
   *     elements; otherwise a value
   * @throws IllegalArgumentException if the dimensions differ
   */
  public final OptionalDouble of(float[] left, float[] right) {
    if (left.length != right.length) {
      throw new IllegalArgumentException(
          "Cannot compare two vectors: their dimensions differ, found "
              + left.length
              + " and "
              + right.length);
    }
    return isDefinedForZeroVectors() || !(isZero(left) || isZero(right))
        ? OptionalDouble.of(value(left, right))
        : OptionalDouble.empty();
  }

  private static boolean isZero(float[] vector) {
    for (float element : vector) {
      if (element != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The measure of two arrays of floats; the code that Spark generates calls it.
   *
   * @return null if an array holds a null, or where {@link #of} is empty
   * @throws IllegalArgumentException if the dimensions differ; the message names the SQL function
   */
  public final Float ofArrays(ArrayData left, ArrayData right) {
    if (left.numElements() != right.numElements()) {
      throw new IllegalArgumentException(
          "Cannot compute %s: the dimensions of the vectors differ, found %d and %d"
              .formatted(sqlName, left.numElements(), right.numElements()));
    }
    if (ArrayNulls.in(left) || ArrayNulls.in(right)) {
      return null;
    }
    OptionalDouble value = of(left.toFloatArray(), right.toFloatArray());
    return value.isPresent() ? (Float) (float) value.getAsDouble() : null;
  }

  /** Name on the command line and in results: {@code cosine}. */
  public final String label() {
    return Labels.of(this);
  }

  /** The {@link #label}. */
  @Override
  public String toString() {
    return label();
  }

  /** Name of its column in tables of scores. */
  public final String column() {
    return column;
  }

  /** Name of its function in SQL, the one that Spark 4.2 uses or would use. */
  public final String sqlName() {
    return sqlName;
  }

  /** What it is, in one sentence for users of SQL. */
  public final String help() {
    return help;
  }

  /** Whether smaller values mean more alike. */
  public boolean isDistance() {
    return false;
  }

  /** Whether it is defined for zero vectors. */
  public boolean isDefinedForZeroVectors() {
    return true;
  }

  /** How a search ranks by it; empty if it cannot. */
  public Optional<ProductRanking> ranking() {
    return Optional.empty();
  }
}
