package org.sparkgbert.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of every measure, at dimensions around the width of their loops. */
class SimilarityTest {
  private static final double ROUNDING = 1e-12;

  /** Each measure as it is defined. */
  private static final Map<Similarity, ToDoubleBiFunction<float[], float[]>> DEFINITIONS =
      Map.of(
          Similarity.COSINE, (a, b) -> dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))),
          Similarity.DOT, SimilarityTest::dot,
          Similarity.EUCLIDEAN, (a, b) -> Math.sqrt(sum(a, b, (x, y) -> (x - y) * (x - y))),
          Similarity.MANHATTAN, (a, b) -> sum(a, b, (x, y) -> Math.abs(x - y)));

  @ParameterizedTest
  @EnumSource
  void aMeasureIsItsDefinition(Similarity similarity) {
    assertThat(DEFINITIONS).containsKey(similarity);
    for (int dimension : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 31, 384, 1023}) {
      Random random = new Random(dimension);
      float[] a = vector(random, dimension);
      float[] b = vector(random, dimension);
      double scale = similarity == Similarity.COSINE ? 1 : dimension;
      assertThat(similarity.of(a, b).orElseThrow())
          .isCloseTo(DEFINITIONS.get(similarity).applyAsDouble(a, b), within(ROUNDING * scale));
    }
  }

  @ParameterizedTest
  @EnumSource
  void swappingTheVectorsChangesNoBit(Similarity similarity) {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      float[] a = vector(random, i);
      float[] b = vector(random, i);
      assertThat(similarity.of(a, b)).isEqualTo(similarity.of(b, a));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatASearchRanksByIsTheMeasure(Similarity similarity) {
    Optional<ProductRanking> ranking = similarity.ranking();
    assertThat(ranking.isPresent() && similarity.isDistance()).isFalse();
    float[] a = vector(new Random(12), 384);
    float[] b = vector(new Random(13), 384);
    ranking.ifPresent(
        ranks ->
            assertThat(ranks.score(dot(a, b), dot(a, a), dot(b, b)))
                .isCloseTo(similarity.of(a, b).orElseThrow(), within(ROUNDING * 384)));
  }

  @Test
  void aVectorIsLikeItselfByExactlyOneAndItsOppositeByMinusOne() {
    Random random = new Random(8);
    for (int i = 1; i < 200; i++) {
      float[] a = vector(random, i);
      assertThat(Similarity.COSINE.of(a, a)).hasValue(1);
      assertThat(Similarity.COSINE.of(a, scaled(a, -1))).hasValue(-1);
    }
  }

  @ParameterizedTest
  @MethodSource("distances")
  void aVectorHasNoDistanceToItself(Similarity distance) {
    Random random = new Random(8);
    for (int i = 1; i < 200; i++) {
      float[] a = vector(random, i);
      assertThat(distance.of(a, a)).hasValue(0);
    }
  }

  private static Stream<Similarity> distances() {
    return Arrays.stream(Similarity.values()).filter(Similarity::isDistance);
  }

  @Test
  void lengthsDoNotChangeACosine() {
    Random random = new Random(9);
    float[] a = vector(random, 384);
    float[] b = vector(random, 384);
    double cosine = Similarity.COSINE.of(a, b).orElseThrow();
    assertThat(Similarity.COSINE.of(scaled(a, 1024), scaled(b, 1f / 64))).hasValue(cosine);
  }

  @Test
  void aCosineNeverLeavesItsRange() {
    Random random = new Random(10);
    for (int i = 0; i < 2000; i++) {
      float[] a = vector(random, 3);
      float[] almost = scaled(a, 1 + random.nextFloat());
      assertThat(Similarity.COSINE.of(a, almost).orElseThrow()).isBetween(0.999999, 1.0);
    }
  }

  @ParameterizedTest
  @MethodSource("distances")
  void distancesKeepTheTriangleInequality(Similarity distance) {
    Random random = new Random(11);
    for (int i = 0; i < 500; i++) {
      float[] a = vector(random, 17);
      float[] b = vector(random, 17);
      float[] c = vector(random, 17);
      assertThat(value(distance, a, c))
          .isLessThanOrEqualTo((value(distance, a, b) + value(distance, b, c)) * (1 + ROUNDING))
          .isNotNegative();
    }
  }

  @ParameterizedTest
  @EnumSource
  void zeroVectorsFollowTheRuleOfTheMeasure(Similarity similarity) {
    float[] zero = new float[5];
    float[] some = {3, 0, 0, 0, -4};
    boolean defined = similarity.isDefinedForZeroVectors();
    assertThat(similarity.of(zero, some).isPresent()).isEqualTo(defined);
    assertThat(similarity.of(some, zero).isPresent()).isEqualTo(defined);
    float[] none = {};
    assertThat(similarity.of(none, none))
        .isEqualTo(defined ? OptionalDouble.of(0) : OptionalDouble.empty());
  }

  @Test
  void zeroVectorsHaveNoCosineButProductsAndDistances() {
    float[] zero = new float[5];
    float[] some = {3, 0, 0, 0, -4};
    assertThat(Similarity.COSINE.of(zero, some)).isEmpty();
    assertThat(Similarity.COSINE.of(some, zero)).isEmpty();
    assertThat(Similarity.DOT.of(zero, some)).hasValue(0);
    assertThat(Similarity.EUCLIDEAN.of(zero, some)).hasValue(5);
    assertThat(Similarity.MANHATTAN.of(zero, some)).hasValue(7);
  }

  @Test
  void theLargestAndTheSmallestFloatsNeitherOverflowNorVanish() {
    float[] large = {Float.MAX_VALUE, -Float.MAX_VALUE};
    float[] small = {Float.MIN_VALUE, -Float.MIN_VALUE};
    assertThat(Similarity.COSINE.of(large, small).orElseThrow()).isCloseTo(1, within(ROUNDING));
    assertThat(value(Similarity.EUCLIDEAN, large, small))
        .isCloseTo(Math.sqrt(2) * Float.MAX_VALUE, within(1e25));
  }

  @Test
  void sumsDoNotLoseSmallElementsBesideLargeOnes() {
    float[] a = {1e8f, 1, 1, 1, 1, -1e8f};
    float[] ones = {1, 1, 1, 1, 1, 1};
    assertThat(Similarity.DOT.of(a, ones)).hasValue(4);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotANumberStaysVisible(Similarity similarity) {
    float[] a = {1, Float.NaN, 2};
    float[] b = {1, 2, 3};
    assertThat(similarity.of(a, b).orElseThrow()).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void differentDimensionsAreRefused(Similarity similarity) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> similarity.of(new float[3], new float[2]))
        .withMessage("Cannot compare two vectors: their dimensions differ, found 3 and 2");
  }

  @Test
  void namesAreUsedOnce() {
    List<Similarity> all = List.of(Similarity.values());
    assertThat(all).extracting(Similarity::label).doesNotHaveDuplicates();
    assertThat(all).extracting(Similarity::column).doesNotHaveDuplicates();
    assertThat(all).extracting(Similarity::sqlName).doesNotHaveDuplicates();
    assertThat(all).allMatch(each -> each.isDistance() == each.column().endsWith("_distance"));
  }

  @Test
  void theReadmeHasARowForEach() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("README.md")).stream()
            .dropWhile(line -> !line.startsWith("| similarity | column | SQL function |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Similarity.values())
                .map(
                    each ->
                        "| `%s` | `%s` | `%s` | %s |"
                            .formatted(each.label(), each.column(), each.sqlName(), each.help()))
                .toList());
  }

  private static double value(Similarity similarity, float[] a, float[] b) {
    return similarity.of(a, b).orElseThrow();
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

  private static double dot(float[] a, float[] b) {
    return sum(a, b, (x, y) -> x * y);
  }

  private static double sum(float[] a, float[] b, DoubleBinaryOperator term) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += term.applyAsDouble(a[i], b[i]);
    }
    return sum;
  }
}
