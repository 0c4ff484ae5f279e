package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sparkgbert.vector.ProductRanking;

class VectorCodeTest {
  private static final CentroidAxis NONE = CentroidAxis.of(new float[3]);

  private static float[] random(Random random, double size) {
    float[] vector = new float[48];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (random.nextGaussian() * size);
    }
    return vector;
  }

  private static double decoded(VectorCode code, float[] centroid, int i) {
    return (1.0 + code.along()) * centroid[i] + code.elements()[i] * (double) code.scale();
  }

  @Test
  void noElementIsFartherFromItsCodeThanHalfAScale() {
    Random random = new Random(1);
    for (int trial = 0; trial < 200; trial++) {
      double size = Math.pow(10, trial % 30 - 15);
      float[] vector = random(random, size);
      for (ProductRanking ranking : ProductRanking.values()) {
        double length = ranking == ProductRanking.DIRECTIONS ? VectorCode.length(vector) : 1;
        float[] centroid = random(random, ranking == ProductRanking.DIRECTIONS ? 0.2 : size);
        VectorCode code = VectorCode.of(vector, ranking, CentroidAxis.of(centroid));
        for (int i = 0; i < vector.length; i++) {
          assertThat(Math.abs(vector[i] / length - decoded(code, centroid, i)))
              .isLessThanOrEqualTo(code.scale() * 0.50001);
        }
      }
    }
  }

  /** What is beside a centroid has no product with it. */
  @Test
  void aProductIsThatAlongTheCentroidAndThatBesideIt() {
    Random random = new Random(2);
    for (int trial = 0; trial < 100; trial++) {
      float[] centroid = random(random, 3);
      CentroidAxis axis = CentroidAxis.of(centroid);
      float[] row = random(random, 3);
      float[] asked = random(random, 1);
      VectorCode code = VectorCode.of(row, ProductRanking.PRODUCTS, axis);
      double[] question = new double[asked.length];
      Arrays.setAll(question, i -> asked[i]);
      double[] beside = axis.beside(question, axis.along(question));
      double score = axis.product(question) * (1.0 + code.along());
      double length = 0;
      for (int i = 0; i < beside.length; i++) {
        score += beside[i] * code.elements()[i] * code.scale();
        length += Math.abs(beside[i]);
      }
      assertThat(axis.product(beside)).isEqualTo(0, within(1e-4));
      assertThat(score).isEqualTo(DotProducts.of(row, asked), within(code.scale() * length / 2));
    }
  }

  @Test
  void theLargestElementIsAtTheEndOfTheRange() {
    assertThat(VectorCode.of(new float[] {1, -2, 0.5f}, ProductRanking.PRODUCTS, NONE))
        .satisfies(code -> assertThat(code.elements()).containsExactly(64, -127, 32));
  }

  @Test
  void whatAllVectorsShareCostsNothing() {
    CentroidAxis axis = CentroidAxis.of(new float[] {3_000, 0, 0});
    VectorCode code = VectorCode.of(new float[] {3_000, 1, -0.25f}, ProductRanking.PRODUCTS, axis);
    assertThat(code.elements()).containsExactly(0, 127, -32);
    assertThat(code.along()).isZero();
  }

  @Test
  void aMultipleOfTheCentroidIsZeros() {
    assertThat(VectorCode.of(new float[3], ProductRanking.PRODUCTS, NONE))
        .satisfies(code -> assertThat(code.elements()).containsOnly(0))
        .returns(0f, VectorCode::scale)
        .returns(0f, VectorCode::along);
    VectorCode twice =
        VectorCode.of(
            new float[] {2, 4, 6}, ProductRanking.PRODUCTS, CentroidAxis.of(new float[] {1, 2, 3}));
    assertThat(twice.elements()).containsOnly(0);
    assertThat(twice.along()).isEqualTo(1);
  }
}
