package org.sparkgbert.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.lake.ArrayNulls;
import scala.jdk.javaapi.CollectionConverters;

class VectorSimilarityTest {
  private final Expression a = vector(1, 2);
  private final Expression b = vector(3, 4);

  @Test
  void equalMeansTheSameMeasureOfTheSameVectors() {
    Expression one = new VectorSimilarity(Similarity.DOT, a, b);
    Expression same = new VectorSimilarity(Similarity.DOT, vector(1, 2), vector(3, 4));
    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(one.semanticEquals(same)).isTrue();
    assertThat(one.semanticHash()).isEqualTo(same.semanticHash());
    assertThat(one)
        .isNotEqualTo(new VectorSimilarity(Similarity.EUCLIDEAN, a, b))
        .isNotEqualTo(new VectorSimilarity(Similarity.DOT, b, a));
    assertThat(one.semanticEquals(new VectorSimilarity(Similarity.COSINE, a, b))).isFalse();
  }

  @Test
  void newChildrenKeepTheMeasure() {
    VectorSimilarity one = new VectorSimilarity(Similarity.MANHATTAN, a, b);
    Expression swapped = one.withNewChildren(CollectionConverters.asScala(List.of(b, a)).toSeq());
    assertThat(swapped).isEqualTo(new VectorSimilarity(Similarity.MANHATTAN, b, a));
    assertThat(swapped.sql()).startsWith("vector_l1_distance(");
    assertThat(swapped.toString()).startsWith("vector_l1_distance(").doesNotContain("MANHATTAN");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 128, 384, 1000})
  void aNullIsFoundWhereverItStands(int dimension) {
    UnsafeArrayData vector = UnsafeArrayData.fromPrimitiveArray(new float[dimension]);
    assertThat(ArrayNulls.in(vector)).isFalse();
    for (int i = 0; i < dimension; i++) {
      UnsafeArrayData holed = vector.copy();
      holed.setNullAt(i);
      assertThat(ArrayNulls.in(holed)).as("null at %d", i).isTrue();
    }
  }

  @Test
  void arraysOfObjectsAreReadToo() {
    ArrayData boxed = new GenericArrayData(new Object[] {3f, 4f});
    ArrayData holed = new GenericArrayData(new Object[] {3f, null});
    ArrayData zero = UnsafeArrayData.fromPrimitiveArray(new float[2]);
    assertThat(Similarity.EUCLIDEAN.ofArrays(boxed, zero)).isEqualTo(5f);
    assertThat(Similarity.EUCLIDEAN.ofArrays(zero, holed)).isNull();
  }

  private static Expression vector(float... elements) {
    return new Literal(
        UnsafeArrayData.fromPrimitiveArray(elements),
        DataTypes.createArrayType(DataTypes.FloatType, false));
  }
}
