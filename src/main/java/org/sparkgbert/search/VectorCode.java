package org.sparkgbert.search;

import org.sparkgbert.vector.ProductRanking;

/**
 * A vector in a byte per element, relative to the centroid of its cell: it is {@code 1 + along}
 * times the centroid, and beside that element {@code i} is about {@code elements[i] * scale}.
 *
 * <p>Scalar quantization of the residual, symmetric around 0, with one scale per vector: the
 * largest element becomes 127 or -127, and the error of each is at most half a scale. What vectors
 * of a cell have in common, such as a large constant element, is in the centroid and costs nothing.
 * Of a vector that is ranked by its direction, the direction is coded, so that products with codes
 * are scores; see {@link CentroidAxis}.
 *
 * @param elements from -127 to 127; owned, not copied
 * @param scale at least 0; 0 for a multiple of the centroid
 * @param along how far the vector reaches along the centroid, over the centroid's length, less 1
 */
record VectorCode(byte[] elements, float scale, float along) {
  private static final int MOST = 127;

  /**
   * @param vector finite elements; for {@link ProductRanking#DIRECTIONS}, not all zero
   * @param axis that of its cell
   */
  static VectorCode of(float[] vector, ProductRanking ranking, CentroidAxis axis) {
    double[] compared = compared(vector, ranking);
    float along = axis.along(compared);
    double[] beside = axis.beside(compared, along);
    double largest = 0;
    for (double element : beside) {
      largest = Math.max(largest, Math.abs(element));
    }
    byte[] elements = new byte[beside.length];
    if (largest > 0) {
      double factor = MOST / largest;
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (byte) Math.round(beside[i] * factor);
      }
    }
    return new VectorCode(elements, (float) (largest / MOST), along);
  }

  /** The vector, or its direction if directions are ranked. */
  private static double[] compared(float[] vector, ProductRanking ranking) {
    double length = ranking == ProductRanking.DIRECTIONS ? length(vector) : 1;
    double[] compared = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      compared[i] = vector[i] / length;
    }
    return compared;
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
