package org.sparkgbert.search;

/**
 * Makes codes of vectors: small integers, one per element, with one scale per vector. It holds the
 * code of one vector, until the next.
 *
 * <p>Scalar quantization, symmetric around 0: the largest element becomes the largest code.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class Coder {
  /** So that a float becomes the nearest integer when its fraction is cut off. */
  private static final float HALF = 0.5f;

  private final int most;
  private final int zero;
  private final byte[] codes;
  private float scale;
  private double error;
  private double reach;

  /**
   * @param most codes are from -most to most, at most 127
   * @param zero what is added to them, so that they are bytes without a sign; 0 for bytes with one
   */
  Coder(int dimension, int most, int zero) {
    this.most = most;
    this.zero = zero;
    this.codes = new byte[dimension];
  }

  /** Makes the code of a vector no longer than 2, whose elements are finite. */
  void code(float[] vector) {
    float largest = largest(vector);
    // Of smaller ones the inverse may overflow, and they are as good as zero.
    scale = largest < Float.MIN_NORMAL * most * 2 ? 0 : largest / most;
    float factor = scale == 0 ? 0 : 1 / scale;
    float shift = most + HALF;
    float even = 0;
    float odd = 0;
    int squares = 0;
    int i = 0;
    for (; i + 1 < vector.length; i += 2) {
      int one = (int) (vector[i] * factor + shift) - most;
      int two = (int) (vector[i + 1] * factor + shift) - most;
      float left = vector[i] - one * scale;
      float right = vector[i + 1] - two * scale;
      even += left * left;
      odd += right * right;
      squares += one * one + two * two;
      codes[i] = (byte) (one + zero);
      codes[i + 1] = (byte) (two + zero);
    }
    if (i < vector.length) {
      int one = (int) (vector[i] * factor + shift) - most;
      float left = vector[i] - one * scale;
      even += left * left;
      squares += one * one;
      codes[i] = (byte) (one + zero);
    }
    // A sum of so many floats may be short by a share of their number times 2^-24.
    error = Math.sqrt((double) even + odd) * (1 + vector.length * 0x1p-23);
    reach = Math.sqrt(squares) * scale * (1 + 0x1p-20);
  }

  private static float largest(float[] vector) {
    float largest = 0;
    for (float element : vector) {
      largest = Math.max(largest, Math.abs(element));
    }
    return largest;
  }

  /** The code, which the next one takes the place of. */
  byte[] codes() {
    return codes;
  }

  /** What codes are multiplied by. */
  float scale() {
    return scale;
  }

  /**
   * An upper bound of the Euclidean distance of the vector and what its code stands for, but for
   * the rounding of single elements, a share of 2^-22 of their size.
   */
  double error() {
    return error;
  }

  /** An upper bound of the length of what the code stands for. */
  double reach() {
    return reach;
  }
}
