package org.sparkgbert.convert.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The type of a stored tensor's elements, named as in safetensors, always little-endian. */
public enum DataType {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E4M3(1),
  F8_E5M2(1),
  I16(2),
  U16(2),
  F16(2),
  BF16(2),
  I32(4),
  U32(4),
  F32(4),
  I64(8),
  U64(8),
  F64(8),
  C64(8);

  private final int bytes;

  DataType(int bytes) {
    this.bytes = bytes;
  }

  /** Length of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether tensors of this type can be read as float32: F32, F16, BF16 and F64. */
  public boolean isWeight() {
    return this == F32 || this == F16 || this == BF16 || this == F64;
  }

  static Optional<DataType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * One element as float32, exactly except for F64, which is rounded to the nearest; a NaN stays a
   * NaN.
   *
   * @param source little-endian
   * @param index position of its first byte
   */
  float floatAt(ByteBuffer source, int index) {
    return switch (this) {
      case F32 -> source.getFloat(index);
      case F16 -> half(source.getShort(index));
      case BF16 -> Float.intBitsToFloat(source.getShort(index) << 16);
      case F64 -> (float) source.getDouble(index);
      case BOOL, U8, I8, F8_E4M3, F8_E5M2, I16, U16, I32, U32, I64, U64, C64 ->
          throw new IllegalArgumentException(
              "Cannot read weights: " + this + " is not a type of weights");
    };
  }

  /** IEEE 754 binary16: 1 bit sign, 5 bits exponent with bias 15, 10 bits fraction. */
  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    int magnitude =
        switch (exponent) {
          case 0 -> Float.floatToRawIntBits(fraction * 0x1p-24f);
          case 31 -> 0xff << 23 | fraction << 13;
          default -> (exponent - 15 + 127) << 23 | fraction << 13;
        };
    return Float.intBitsToFloat(sign | magnitude);
  }
}
