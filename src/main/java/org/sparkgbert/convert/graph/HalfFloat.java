package org.sparkgbert.convert.graph;

/** IEEE 754 half precision. */
final class HalfFloat {
  private static final int MANTISSA_BITS = 13;
  private static final float LARGEST = 65_504f;

  private HalfFloat() {}

  /**
   * The half nearest to a finite float, ties to even; floats beyond the largest half become the
   * largest half, with their sign.
   */
  static short of(float value) {
    float clamped = Math.max(-LARGEST, Math.min(LARGEST, value));
    int bits = Float.floatToRawIntBits(clamped);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    int exponent = (magnitude >>> 23) - 127;
    if (exponent < -14) {
      // Subnormal: adding 0.5 puts the mantissa where the half's is, rounded by the hardware.
      int aligned = Float.floatToRawIntBits(Math.abs(clamped) + 0.5f);
      return (short) (sign | (aligned - Float.floatToRawIntBits(0.5f)));
    }
    int rounding = (1 << (MANTISSA_BITS - 1)) - 1 + ((magnitude >>> MANTISSA_BITS) & 1);
    int half = ((magnitude + rounding) >>> MANTISSA_BITS) - ((127 - 15) << 10);
    return (short) (sign | half);
  }
}
