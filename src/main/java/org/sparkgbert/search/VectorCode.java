package org.sparkgbert.search;

import org.sparkgbert.vector.ProductRanking;

/**
 * A vector in a byte per element: element {@code i} is about {@code elements[i] * scale}.
 *
 * <p>Scalar quantization, symmetric around 0, with one scale per vector: the largest element
 * becomes 127 or -127, and the error of each is at most half a scale. Of a vector that is ranked by
 * its direction, the direction is coded, so that products with codes are scores.
 *
 * @param elements from -127 to 127; owned, not copied
 * @param scale at least 0; 0 for a zero vector
 */
record VectorCode(byte[] elements, float scale) {
  private static final int MOST = 127;

  /**
   * @param vector finite elements; for {@link ProductRanking#DIRECTIONS}, not all zero
   */
  static VectorCode of(float[] vector, ProductRanking ranking) {
    double length = ranking == ProductRanking.DIRECTIONS ? length(vector) : 1;
    double largest = 0;
    for (float element : vector) {
      largest = Math.max(largest, Math.abs(element));
    }
    byte[] elements = new byte[vector.length];
    if (largest > 0) {
      double factor = MOST / largest;
      for (int i = 0; i < vector.length; i++) {
        elements[i] = (byte) Math.round(vector[i] * factor);
      }
    }
    return new VectorCode(elements, (float) (largest / length / MOST));
  }

  /** Euclidean length. */
  static double length(float[] vector) {
    double squares = 0;
    for (float element : vector) {
      squares += (double) element * element;
    }
    return Math.sqrt(squares);
  }
}
