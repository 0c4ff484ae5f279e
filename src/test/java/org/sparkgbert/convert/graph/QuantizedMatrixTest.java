package org.sparkgbert.convert.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuantizedMatrixTest {
  private static final int IN = 9;
  private static final int OUT = 5;
  private static final int[] OUTLIERS = {2, 7};

  private final SplittableRandom random = new SplittableRandom(7);
  private final float[] weight = gaussians(OUT * IN);
  private final float[] bias = gaussians(OUT);
  private final float[] means = gaussians(IN);

  /** On inputs that have outliers only, nothing is rounded. */
  @Test
  void outliersAreMultipliedExactly() {
    QuantizedMatrix matrix = matrix(new float[IN]);
    for (int o = 0; o < OUT; o++) {
      for (int i = 0; i < OUTLIERS.length; i++) {
        assertThat(matrix.values()[OUTLIERS[i] * OUT + o]).isZero();
        assertThat(matrix.outlierRows()[i * OUT + o]).isEqualTo(weight[o * IN + OUTLIERS[i]]);
      }
    }
    assertThat(matrix.bias()).containsExactly(bias);
  }

  @Test
  void otherWeightsAreRoundedByLessThanAStep() {
    QuantizedMatrix matrix = matrix(means);
    for (int o = 0; o < OUT; o++) {
      for (int i = 0; i < IN; i++) {
        if (i != OUTLIERS[0] && i != OUTLIERS[1]) {
          float rounded = matrix.scales()[o] * matrix.values()[i * OUT + o];
          assertThat(rounded).isCloseTo(weight[o * IN + i], within(1.01f * matrix.scales()[o]));
        }
      }
    }
  }

  @Test
  void theMeanInputGivesWhatItGaveBefore() {
    QuantizedMatrix matrix = matrix(means);
    for (int o = 0; o < OUT; o++) {
      double expected = bias[o];
      double found = matrix.bias()[o];
      for (int i = 0; i < IN; i++) {
        expected += (double) means[i] * weight[o * IN + i];
        found += (double) means[i] * matrix.scales()[o] * matrix.values()[i * OUT + o];
      }
      for (int i = 0; i < OUTLIERS.length; i++) {
        found += (double) means[OUTLIERS[i]] * matrix.outlierRows()[i * OUT + o];
      }
      assertThat(found).isCloseTo(expected, within(1e-5));
    }
  }

  /** A pair is added in 16 bits, each weight times an input of at most 255. */
  @Test
  void pairsOfWeightsNeverOverflow() {
    int in = 64;
    int out = 1_000;
    float[] large = gaussians(in * out);
    for (int o = 0; o < out; o++) {
      large[o * in + 10] = large[o * in + 11] = 4;
    }
    QuantizedMatrix matrix =
        QuantizedMatrix.of(
            large, new float[out], new InputQuantization(new int[0], 1, 0, new float[in]));
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i += 2) {
        int sum = 255 * (matrix.values()[i * out + o] + matrix.values()[(i + 1) * out + o]);
        assertThat(sum).isBetween((int) Short.MIN_VALUE, (int) Short.MAX_VALUE);
      }
    }
    assertThat(matrix.values()).contains(64, Byte.MAX_VALUE / 2 + 1);
  }

  @Test
  void zerosStayZeros() {
    InputQuantization input = new InputQuantization(new int[0], 1, 0, means);
    QuantizedMatrix matrix = QuantizedMatrix.of(new float[OUT * IN], bias, input);
    assertThat(matrix.asFloats()).containsOnly(0);
    assertThat(matrix.bias()).containsExactly(bias);
  }

  private QuantizedMatrix matrix(float[] inputMeans) {
    return QuantizedMatrix.of(weight, bias, new InputQuantization(OUTLIERS, 1, 0, inputMeans));
  }

  private float[] gaussians(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
