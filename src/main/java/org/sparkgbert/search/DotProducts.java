package org.sparkgbert.search;

/**
 * Dot products in double precision: sums over the elements in their order, so that each is a
 * function of its two vectors alone.
 *
 * <p>An addition has to wait for the one before it, of the same sum; so several sums at once take
 * hardly longer than one.
 *
 * <p><b>Threads:</b> any number.
 */
final class DotProducts {
  /** Sums at once. */
  static final int LANES = 4;

  private DotProducts() {}

  /** The product of two vectors of the same dimension. */
  static double of(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }

  /**
   * The products of {@value #LANES} pairs of vectors, all of the same dimension.
   *
   * @param products receives them, from the place {@code at} on
   */
  static void of(
      float[] left0,
      float[] right0,
      float[] left1,
      float[] right1,
      float[] left2,
      float[] right2,
      float[] left3,
      float[] right3,
      double[] products,
      int at) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    for (int i = 0; i < left0.length; i++) {
      sum0 += (double) left0[i] * right0[i];
      sum1 += (double) left1[i] * right1[i];
      sum2 += (double) left2[i] * right2[i];
      sum3 += (double) left3[i] * right3[i];
    }
    products[at] = sum0;
    products[at + 1] = sum1;
    products[at + 2] = sum2;
    products[at + 3] = sum3;
  }

  /** The product of each vector with itself; all are of the same dimension. */
  static double[] squares(float[][] vectors) {
    double[] squares = new double[vectors.length];
    int row = 0;
    for (; row <= vectors.length - LANES; row += LANES) {
      float[] v0 = vectors[row];
      float[] v1 = vectors[row + 1];
      float[] v2 = vectors[row + 2];
      float[] v3 = vectors[row + 3];
      of(v0, v0, v1, v1, v2, v2, v3, v3, squares, row);
    }
    for (; row < vectors.length; row++) {
      squares[row] = of(vectors[row], vectors[row]);
    }
    return squares;
  }
}
