package org.sparkgbert.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BlockProductTest {
  private static BlockProduct product;

  @BeforeAll
  static void open() {
    product = BlockProduct.open(DeviceSettings.cpu(1));
  }

  @AfterAll
  static void close() {
    product.close();
  }

  @Test
  void everyRowMeetsEveryColumn() {
    FloatBuffer scores = NativeBuffers.floats(6);
    product.multiply(matrix(1, 2, 3, 4), matrix(1, 0, 0, 1, 10, 100), 2, scores);
    assertThat(floats(scores)).containsExactly(1, 2, 210, 3, 4, 430);
  }

  @Test
  void onlyWhatLiesBetweenPositionAndLimitCounts() {
    FloatBuffer rows = matrix(9, 9, 2, 3, 9, 9).position(2).limit(4);
    FloatBuffer scores = matrix(7, 7, 7).position(1);
    product.multiply(rows, matrix(10, 1), 2, scores);
    assertThat(scores.position()).isEqualTo(1);
    assertThat(floats(scores.clear())).containsExactly(7, 23, 7);
    assertThat(rows.position()).isEqualTo(2);
  }

  @Test
  void roundingStaysWithinItsBound() {
    int dimension = 700;
    Random random = new Random(4);
    float[] left = gauss(random, 40 * dimension);
    float[] right = gauss(random, 50 * dimension);
    FloatBuffer scores = NativeBuffers.floats(40 * 50);
    product.multiply(matrix(left), matrix(right), dimension, scores);
    for (int i = 0; i < 40; i++) {
      for (int j = 0; j < 50; j++) {
        double exact = 0;
        double absolute = 0;
        for (int e = 0; e < dimension; e++) {
          double term = (double) left[i * dimension + e] * right[j * dimension + e];
          exact += term;
          absolute += Math.abs(term);
        }
        assertThat((double) scores.get(i * 50 + j))
            .isCloseTo(exact, within(dimension * 0x1p-24 * absolute));
      }
    }
  }

  @Test
  void buffersThatAreNoMatricesAreRefused() {
    FloatBuffer room = NativeBuffers.floats(4);
    assertThatThrownBy(() -> product.multiply(matrix(1, 2, 3), matrix(1, 2), 2, room))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot multiply blocks: rows must be a direct buffer of vectors of dimension 2, found ");
    assertThatThrownBy(() -> product.multiply(matrix(1), FloatBuffer.allocate(1), 1, room))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot multiply blocks: columns must be a direct buffer");
    assertThatThrownBy(() -> product.multiply(matrix(1, 2, 3), matrix(1, 2), 1, room))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot multiply blocks: scores must be a direct buffer of 6 floats, found ");
  }

  private static FloatBuffer matrix(float... values) {
    return NativeBuffers.floats(values.length).put(values).flip();
  }

  private static float[] gauss(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] floats(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.duplicate().get(values);
    return values;
  }
}
