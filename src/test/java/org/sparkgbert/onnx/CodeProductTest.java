package org.sparkgbert.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CodeProductTest {
  private static CodeProduct product;

  @BeforeAll
  static void open() {
    product = CodeProduct.open(1);
  }

  @AfterAll
  static void close() {
    product.close();
  }

  @Test
  void everyRowMeetsEveryColumnAndItsScale() {
    FloatBuffer scores = NativeBuffers.floats(6);
    ByteBuffer rows = codes(CodeProduct.ZERO_OF_ROWS, 1, -2, 3, 127);
    ByteBuffer columns = codes(0, 1, 0, 0, 1, 10, -63);
    product.multiply(rows, columns, floats(1, 10, 0.5f), 2, scores);
    assertThat(array(scores)).containsExactly(1, -20, 68, 3, 1270, -3985.5f);
  }

  /** Sums of two products fit 16 bits, so that no CPU cuts them off. */
  @Test
  void theLargestSumsAreExact() {
    int dimension = CodeProduct.MOST_DIMENSIONS;
    int[] high = new int[dimension];
    int[] low = new int[dimension];
    for (int i = 0; i < dimension; i++) {
      high[i] = CodeProduct.MOST_OF_ROWS;
      low[i] = CodeProduct.MOST_OF_COLUMNS;
    }
    FloatBuffer score = NativeBuffers.floats(1);
    product.multiply(
        codes(CodeProduct.ZERO_OF_ROWS, high), codes(0, low), floats(1), dimension, score);
    assertThat(score.get(0)).isEqualTo(127f * 63 * dimension);
    for (int i = 0; i < dimension; i++) {
      high[i] = -high[i];
    }
    product.multiply(
        codes(CodeProduct.ZERO_OF_ROWS, high), codes(0, low), floats(1), dimension, score);
    assertThat(score.get(0)).isEqualTo(-127f * 63 * dimension);
  }

  @Test
  void sumsAreThoseOfIntegers() {
    Random random = new Random(7);
    int dimension = 131;
    int[] left = random.ints(30 * dimension, -127, 128).toArray();
    int[] right = random.ints(50 * dimension, -63, 64).toArray();
    float[] ones = new float[50];
    Arrays.fill(ones, 1);
    FloatBuffer scores = NativeBuffers.floats(30 * 50);
    product.multiply(
        codes(CodeProduct.ZERO_OF_ROWS, left), codes(0, right), floats(ones), dimension, scores);
    for (int i = 0; i < 30; i++) {
      for (int j = 0; j < 50; j++) {
        int sum = 0;
        for (int e = 0; e < dimension; e++) {
          sum += left[i * dimension + e] * right[j * dimension + e];
        }
        assertThat(scores.get(i * 50 + j)).isEqualTo(sum);
      }
    }
  }

  @Test
  void buffersThatAreNoMatricesAreRefused() {
    FloatBuffer room = NativeBuffers.floats(4);
    assertThatThrownBy(() -> product.multiply(codes(0, 1, 2, 3), codes(0, 1, 2), room, 2, room))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot multiply codes: rows must be a direct buffer of vectors of dimension 2, at most 65536, found ");
    assertThatThrownBy(() -> product.multiply(codes(0, 1), ByteBuffer.allocate(1), room, 1, room))
        .hasMessageStartingWith("Cannot multiply codes: columns must be a direct buffer");
    assertThatThrownBy(() -> product.multiply(codes(0, 1), codes(0, 1, 2), floats(1), 1, room))
        .hasMessageStartingWith(
            "Cannot multiply codes: scales must be a direct buffer of 2 floats");
    assertThatThrownBy(() -> product.multiply(codes(0, 1, 2), codes(0, 1), floats(1), 1, floats(1)))
        .hasMessageStartingWith(
            "Cannot multiply codes: scores must be a direct buffer of 2 floats");
  }

  private static ByteBuffer codes(int zero, int... values) {
    ByteBuffer codes = NativeBuffers.bytes(values.length);
    for (int value : values) {
      codes.put((byte) (value + zero));
    }
    return codes.flip();
  }

  private static FloatBuffer floats(float... values) {
    return NativeBuffers.floats(values.length).put(values).flip();
  }

  private static float[] array(FloatBuffer buffer) {
    float[] array = new float[buffer.remaining()];
    buffer.slice().get(array);
    return array;
  }
}
