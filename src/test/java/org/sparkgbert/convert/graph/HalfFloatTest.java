package org.sparkgbert.convert.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Halves against their definition: a sign, five bits of exponent, ten of fraction. */
class HalfFloatTest {
  private static final int LARGEST = 0x7bff;
  private static final long SEED = 16;

  @Test
  void everyFiniteHalfComesBack() {
    for (int bits = 0; bits <= LARGEST; bits++) {
      float value = (float) valueOf(bits);
      assertThat(HalfFloat.of(value)).as("%x", bits).isEqualTo((short) bits);
      assertThat(HalfFloat.of(-value)).as("-%x", bits).isEqualTo((short) (0x8000 | bits));
    }
  }

  @Test
  void halfwayBetweenTwoHalvesTheEvenOneIsTaken() {
    for (int bits = 0; bits < LARGEST; bits++) {
      float middle = (float) ((valueOf(bits) + valueOf(bits + 1)) / 2);
      int even = bits + (bits & 1);
      assertThat(HalfFloat.of(middle)).as("after %x", bits).isEqualTo((short) even);
      assertThat(HalfFloat.of(Math.nextDown(middle))).as("below").isEqualTo((short) bits);
      assertThat(HalfFloat.of(Math.nextUp(middle))).as("above").isEqualTo((short) (bits + 1));
    }
  }

  @Test
  void anyFloatBecomesTheNearestHalf() {
    Random random = new Random(SEED);
    for (int i = 0; i < 200_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        assertThat(HalfFloat.of(value)).as("%s", value).isEqualTo(nearest(value));
      }
    }
  }

  @Test
  void whatIsTooLargeBecomesTheLargest() {
    for (float value : new float[] {65_504, 65_505, 65_519.99f, 65_520, 70_000, Float.MAX_VALUE}) {
      assertThat(HalfFloat.of(value)).as("%s", value).isEqualTo((short) LARGEST);
      assertThat(HalfFloat.of(-value)).as("-%s", value).isEqualTo((short) 0xfbff);
    }
  }

  @Test
  void whatIsTooSmallBecomesAZeroOfItsSign() {
    float halfOfTheSmallest = (float) Math.scalb(1.0, -25);
    for (float value : new float[] {0, Float.MIN_VALUE, Float.MIN_NORMAL, halfOfTheSmallest}) {
      assertThat(HalfFloat.of(value)).as("%s", value).isEqualTo((short) 0);
      assertThat(HalfFloat.of(-value)).as("-%s", value).isEqualTo((short) 0x8000);
    }
    assertThat(HalfFloat.of(Math.nextUp(halfOfTheSmallest))).isEqualTo((short) 1);
  }

  /** The definition, for bits without a sign. */
  private static double valueOf(int bits) {
    int exponent = bits >> 10;
    int fraction = bits & 0x3ff;
    return exponent == 0
        ? Math.scalb((double) fraction, -24)
        : Math.scalb(1024.0 + fraction, exponent - 25);
  }

  /** Searches all halves by bisection. */
  private static short nearest(float value) {
    double magnitude = Math.abs((double) value);
    int low = 0;
    int high = LARGEST;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (valueOf(middle) <= magnitude) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double below = magnitude - valueOf(low);
    double above = valueOf(high) - magnitude;
    int bits = below < above || (below == above && (low & 1) == 0) ? low : high;
    return (short) (value < 0 || 1 / value < 0 ? 0x8000 | bits : bits);
  }
}
