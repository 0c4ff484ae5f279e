package org.sparkgbert.convert.graph;

/**
 * A matrix rounded to int8, with one scale per column, and its float32 rows for outliers.
 *
 * <p>Two weights of a column, in an even row and the row below it, have a sum of at most 128 in
 * absolute value: CPUs without VNNI add such pairs, each multiplied by up to 255, in 16 bits, and
 * 255 * 128 fits. So every CPU computes the same sums, and most columns keep nearly 8 bits, where a
 * limit of 64 per weight would leave 7.
 *
 * @param values {@code [in, out]}; 0 in the rows of outliers
 * @param scales step of each column {@code [out]}
 * @param outlierRows {@code [outliers, out]}
 * @param bias the matrix's bias {@code [out]}, corrected for the effect of rounding on the mean
 *     input
 */
record QuantizedMatrix(byte[] values, float[] scales, float[] outlierRows, float[] bias) {
  private static final int LARGEST = 127;
  private static final int LARGEST_PAIR = 128;

  /**
   * Rounds a matrix.
   *
   * @param weight {@code [out, in]}; rows of outliers become 0
   * @param bias {@code [out]}
   */
  static QuantizedMatrix of(float[] weight, float[] bias, InputQuantization input) {
    int in = input.channels();
    int out = bias.length;
    int[] outliers = input.outliers();
    byte[] values = new byte[in * out];
    float[] scales = new float[out];
    float[] rows = new float[outliers.length * out];
    float[] corrected = new float[out];
    float[] column = new float[in];
    for (int o = 0; o < out; o++) {
      System.arraycopy(weight, o * in, column, 0, in);
      for (int i = 0; i < outliers.length; i++) {
        rows[i * out + o] = column[outliers[i]];
        column[outliers[i]] = 0;
      }
      byte[] rounded = new byte[in];
      scales[o] = round(column, rounded);
      double error = 0;
      for (int i = 0; i < in; i++) {
        values[i * out + o] = rounded[i];
        error += input.means()[i] * (column[i] - (double) scales[o] * rounded[i]);
      }
      corrected[o] = (float) (bias[o] + error);
    }
    return new QuantizedMatrix(values, scales, rows, corrected);
  }

  /** Rounds a column; returns its step. */
  private static float round(float[] column, byte[] rounded) {
    float scale = scale(column);
    for (int i = 0; i < column.length; i++) {
      rounded[i] = (byte) Math.max(-LARGEST, Math.min(LARGEST, Math.rint(column[i] / scale)));
    }
    for (int i = 0; i + 1 < column.length; i += 2) {
      int sum = rounded[i] + rounded[i + 1];
      if (Math.abs(sum) > LARGEST_PAIR) {
        int larger = Math.abs(rounded[i]) > Math.abs(rounded[i + 1]) ? i : i + 1;
        rounded[larger] = (byte) (rounded[larger] - sum + Integer.signum(sum) * LARGEST_PAIR);
      }
    }
    return scale;
  }

  private static float scale(float[] column) {
    float scale = Float.MIN_NORMAL;
    for (int i = 0; i < column.length; i++) {
      scale = Math.max(scale, Math.abs(column[i]) / LARGEST);
      if (i % 2 == 1) {
        scale = Math.max(scale, Math.abs(column[i - 1] + column[i]) / LARGEST_PAIR);
      }
    }
    return scale;
  }

  /** The values as floats, in their order. */
  float[] asFloats() {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }
}
