package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataTypeTest {
  private static float read(DataType type, int bits) {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, bits);
    return type.floatAt(bytes, 0);
  }

  /** (-1)^s * 2^(e-15) * 1.f, and for e = 0 (-1)^s * 2^-14 * 0.f, in double. */
  private static double half(int bits) {
    int exponent = (bits >> 10) & 31;
    double fraction = (bits & 1023) / 1024.0;
    double magnitude =
        exponent == 0 ? fraction * Math.pow(2, -14) : (1 + fraction) * Math.pow(2, exponent - 15);
    return bits >= 0x8000 ? -magnitude : magnitude;
  }

  @Test
  void everyFiniteHalfEqualsItsFormula() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      if ((bits & 0x7c00) != 0x7c00) {
        assertThat(Double.valueOf(read(DataType.F16, bits))).isEqualTo(Double.valueOf(half(bits)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x7c00, Infinity",
    "0xfc00, -Infinity",
    "0x7c01, NaN",
    "0xffff, NaN",
    "0x0001, 5.9604645E-8",
    "0x03ff, 6.097555E-5",
    "0x0400, 6.1035156E-5",
    "0x7bff, 65504",
    "0x8000, -0.0",
    "0x3c00, 1",
  })
  void halvesOfEveryClassAreExact(int bits, float expected) {
    assertThat(Float.valueOf(read(DataType.F16, bits))).isEqualTo(Float.valueOf(expected));
  }

  @Test
  void everyBfloat16IsTheUpperHalfOfItsFloat() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float expected = Float.intBitsToFloat(bits << 16);
      assertThat(Float.valueOf(read(DataType.BF16, bits))).isEqualTo(Float.valueOf(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x3f80, 1",
    "0xc049, -3.140625",
    "0x7f80, Infinity",
    "0x7fc0, NaN",
    "0x0001, 9.18355E-41",
  })
  void bfloat16sOfEveryClassAreExact(int bits, float expected) {
    assertThat(Float.valueOf(read(DataType.BF16, bits))).isEqualTo(Float.valueOf(expected));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, -1e-45, 3.5e38, -1e300, 1 + 0x1p-24, Double.NaN, -0.0})
  void float64sAreRoundedToTheNearest(double value) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, value);
    float found = DataType.F64.floatAt(bytes, 0);
    assertThat(Float.valueOf(found)).isEqualTo(Float.valueOf((float) value));
  }

  @Test
  void onlyFloatsAreWeights() {
    assertThat(DataType.values())
        .filteredOn(DataType::isWeight)
        .containsExactly(DataType.F16, DataType.BF16, DataType.F32, DataType.F64);
    assertThatThrownBy(() -> read(DataType.I64, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read weights: I64 is not a type of weights");
  }
}
