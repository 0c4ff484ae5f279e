package org.sparkgbert.search;

/**
 * The line through the origin and a cell's centroid. Rows and questions are divided into what lies
 * along it and what lies beside it: the product of two vectors is that of the former plus that of
 * the latter, and only the latter is approximated by a {@link VectorCode}.
 *
 * @param centroid the centroid; owned, not copied
 * @param squares dot product of the centroid with itself
 */
record CentroidAxis(float[] centroid, double squares) {
  static CentroidAxis of(float[] centroid) {
    double length = VectorCode.length(centroid);
    return new CentroidAxis(centroid, length * length);
  }

  /**
   * How far a vector reaches along the centroid, in lengths of the centroid, less 1.
   *
   * @return 0 for a centroid that is zero, or vanishes beside the vector
   */
  float along(double[] vector) {
    double sum = 0;
    // Less 1 before the sum, so that no digit is lost where all vectors are near the centroid.
    for (int i = 0; i < vector.length; i++) {
      sum += centroid[i] * (vector[i] - centroid[i]);
    }
    float along = (float) (sum / squares);
    return Float.isFinite(along) ? along : 0;
  }

  /** What is left of a vector beside {@code 1 + along} times the centroid. */
  double[] beside(double[] vector, double along) {
    double[] beside = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      beside[i] = vector[i] - centroid[i] - along * centroid[i];
    }
    return beside;
  }

  /** Dot product with the centroid. */
  double product(double[] vector) {
    double product = 0;
    for (int i = 0; i < vector.length; i++) {
      product += vector[i] * centroid[i];
    }
    return product;
  }
}
