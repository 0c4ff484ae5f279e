package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sparkgbert.vector.ProductRanking;

class VectorCodeTest {
  @Test
  void noElementIsFartherFromItsCodeThanHalfAScale() {
    Random random = new Random(1);
    for (int trial = 0; trial < 200; trial++) {
      float[] vector = new float[48];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (random.nextGaussian() * Math.pow(10, trial % 30 - 15));
      }
      for (ProductRanking ranking : ProductRanking.values()) {
        VectorCode code = VectorCode.of(vector, ranking);
        double length = ranking == ProductRanking.DIRECTIONS ? VectorCode.length(vector) : 1;
        for (int i = 0; i < vector.length; i++) {
          assertThat(Math.abs(vector[i] / length - code.elements()[i] * (double) code.scale()))
              .isLessThanOrEqualTo(code.scale() * 0.50001);
        }
      }
    }
  }

  @Test
  void theLargestElementIsAtTheEndOfTheRange() {
    assertThat(VectorCode.of(new float[] {1, -2, 0.5f}, ProductRanking.PRODUCTS))
        .satisfies(code -> assertThat(code.elements()).containsExactly(64, -127, 32));
  }

  @Test
  void aZeroVectorIsZeros() {
    VectorCode code = VectorCode.of(new float[3], ProductRanking.PRODUCTS);
    assertThat(code.elements()).containsOnly(0);
    assertThat(code.scale()).isZero();
  }
}
