package org.sparkgbert.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels against the plain formula, at dimensions around the width of their loops. */
class VectorKernelsTest {
  private static final double ROUNDING = 1e-12;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 31, 384, 1023})
  void kernelsAreTheirFormulas(int dimension) {
    Random random = new Random(dimension);
    float[] a = vector(random, dimension);
    float[] b = vector(random, dimension);
    double product = sum(a, b, (x, y) -> x * y);
    double lengths = Math.sqrt(sum(a, a, (x, y) -> x * y)) * Math.sqrt(sum(b, b, (x, y) -> x * y));
    assertThat(VectorKernels.innerProduct(a, b)).isCloseTo(product, within(ROUNDING * dimension));
    assertThat(VectorKernels.cosineSimilarity(a, b).orElseThrow())
        .isCloseTo(product / lengths, within(ROUNDING));
    assertThat(VectorKernels.l2Distance(a, b))
        .isCloseTo(Math.sqrt(sum(a, b, (x, y) -> (x - y) * (x - y))), within(ROUNDING * dimension));
    assertThat(VectorKernels.l1Distance(a, b))
        .isCloseTo(sum(a, b, (x, y) -> Math.abs(x - y)), within(ROUNDING * dimension));
  }

  @ParameterizedTest
  @EnumSource
  void swappingTheVectorsChangesNoBit(Similarity similarity) {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      float[] a = vector(random, i);
      float[] b = vector(random, i);
      assertThat(VectorKernels.similarity(similarity, a, b))
          .isEqualTo(VectorKernels.similarity(similarity, b, a));
    }
  }

  @Test
  void aVectorIsLikeItselfByExactlyOneAndItsOppositeByMinusOne() {
    Random random = new Random(8);
    for (int i = 1; i < 200; i++) {
      float[] a = vector(random, i);
      assertThat(VectorKernels.cosineSimilarity(a, a)).hasValue(1);
      assertThat(VectorKernels.cosineSimilarity(a, scaled(a, -1))).hasValue(-1);
      assertThat(VectorKernels.l2Distance(a, a)).isZero();
      assertThat(VectorKernels.l1Distance(a, a)).isZero();
    }
  }

  @Test
  void lengthsDoNotChangeACosine() {
    Random random = new Random(9);
    float[] a = vector(random, 384);
    float[] b = vector(random, 384);
    double cosine = VectorKernels.cosineSimilarity(a, b).orElseThrow();
    assertThat(VectorKernels.cosineSimilarity(scaled(a, 1024), scaled(b, 1f / 64)))
        .hasValue(cosine);
  }

  @Test
  void aCosineNeverLeavesItsRange() {
    Random random = new Random(10);
    for (int i = 0; i < 2000; i++) {
      float[] a = vector(random, 3);
      float[] almost = scaled(a, 1 + random.nextFloat());
      assertThat(VectorKernels.cosineSimilarity(a, almost).orElseThrow()).isBetween(0.999999, 1.0);
    }
  }

  @Test
  void distancesKeepTheTriangleInequality() {
    Random random = new Random(11);
    for (int i = 0; i < 500; i++) {
      float[] a = vector(random, 17);
      float[] b = vector(random, 17);
      float[] c = vector(random, 17);
      assertThat(VectorKernels.l2Distance(a, c))
          .isLessThanOrEqualTo(
              (VectorKernels.l2Distance(a, b) + VectorKernels.l2Distance(b, c)) * (1 + ROUNDING));
      assertThat(VectorKernels.l1Distance(a, c))
          .isLessThanOrEqualTo(
              (VectorKernels.l1Distance(a, b) + VectorKernels.l1Distance(b, c)) * (1 + ROUNDING));
    }
  }

  @Test
  void zeroVectorsHaveNoCosineButProductsAndDistances() {
    float[] zero = new float[5];
    float[] some = {3, 0, 0, 0, -4};
    assertThat(VectorKernels.cosineSimilarity(zero, some)).isEmpty();
    assertThat(VectorKernels.cosineSimilarity(some, zero)).isEmpty();
    assertThat(VectorKernels.innerProduct(zero, some)).isZero();
    assertThat(VectorKernels.l2Distance(zero, some)).isEqualTo(5);
    assertThat(VectorKernels.l1Distance(zero, some)).isEqualTo(7);
  }

  @Test
  void vectorsWithoutElementsHaveNoCosineAndNoDistance() {
    float[] none = {};
    assertThat(VectorKernels.cosineSimilarity(none, none)).isEmpty();
    assertThat(VectorKernels.innerProduct(none, none)).isZero();
    assertThat(VectorKernels.l2Distance(none, none)).isZero();
    assertThat(VectorKernels.l1Distance(none, none)).isZero();
  }

  @Test
  void theLargestAndTheSmallestFloatsNeitherOverflowNorVanish() {
    float[] large = {Float.MAX_VALUE, -Float.MAX_VALUE};
    float[] small = {Float.MIN_VALUE, -Float.MIN_VALUE};
    assertThat(VectorKernels.cosineSimilarity(large, small).orElseThrow())
        .isCloseTo(1, within(ROUNDING));
    assertThat(VectorKernels.l2Distance(large, small))
        .isCloseTo(Math.sqrt(2) * Float.MAX_VALUE, within(1e25));
  }

  @Test
  void sumsDoNotLoseSmallElementsBesideLargeOnes() {
    float[] a = {1e8f, 1, 1, 1, 1, -1e8f};
    float[] ones = {1, 1, 1, 1, 1, 1};
    assertThat(VectorKernels.innerProduct(a, ones)).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotANumberStaysVisible(Similarity similarity) {
    float[] a = {1, Float.NaN, 2};
    float[] b = {1, 2, 3};
    assertThat(VectorKernels.similarity(similarity, a, b).orElseThrow()).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void differentDimensionsAreRefused(Similarity similarity) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VectorKernels.similarity(similarity, new float[3], new float[2]))
        .withMessage("Cannot compare two vectors: their dimensions differ, found 3 and 2");
  }

  private static float[] vector(Random random, int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static float[] scaled(float[] vector, float factor) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = vector[i] * factor;
    }
    return scaled;
  }

  private static double sum(float[] a, float[] b, DoubleBinaryOperator term) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += term.applyAsDouble(a[i], b[i]);
    }
    return sum;
  }
}
