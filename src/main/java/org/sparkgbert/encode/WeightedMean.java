package org.sparkgbert.encode;

/** Means of embeddings. */
final class WeightedMean {
  private WeightedMean() {}

  /**
   * The weighted mean of consecutive embeddings, summed in double precision.
   *
   * @param embeddings embeddings, row after row; unchanged
   * @param start where the first begins
   * @param weights one positive weight per embedding
   * @param dimension length of an embedding
   * @param normalize whether the mean gets unit length; a zero mean stays zero
   */
  static float[] of(
      float[] embeddings, int start, int[] weights, int dimension, boolean normalize) {
    double[] sum = new double[dimension];
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      total += weights[i];
      for (int d = 0; d < dimension; d++) {
        sum[d] += (double) weights[i] * embeddings[start + i * dimension + d];
      }
    }
    double scale = normalize ? inverseNorm(sum) : 1 / total;
    float[] mean = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      mean[d] = (float) (sum[d] * scale);
    }
    return mean;
  }

  private static double inverseNorm(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    return squares == 0 ? 0 : 1 / Math.sqrt(squares);
  }
}
