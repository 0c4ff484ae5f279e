package org.sparkgbert.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sparkgbert.vector.VectorSessions.pairs;
import static org.sparkgbert.vector.VectorSessions.registered;
import static org.sparkgbert.vector.VectorSessions.vector;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.vector.VectorSessions.Evaluation;
import org.sparkgbert.vector.VectorSessions.Pair;

/** One rule for all ways in which Spark evaluates, and all forms in which it holds arrays. */
class VectorFunctionsTest {
  private static final int RANDOM = 30;

  /** Pairs with a rule of their own, which random ones follow. */
  private static final List<Pair> RULES =
      List.of(
          new Pair(vector(1f, 2f, 2f), vector(2f, 2f, 1f)),
          new Pair(null, vector(1f)),
          new Pair(vector(1f), null),
          new Pair(vector(1f, null, 3f), vector(1f, 2f, 3f)),
          new Pair(vector(1f, 2f, 3f), vector(1f, 2f, null)),
          new Pair(vector(), vector()),
          new Pair(vector(0f, 0f), vector(3f, 4f)),
          new Pair(vector(Float.NaN, 1f), vector(3f, 4f)));

  private static final Float[][] EXPECTED = {
    {8f / 9, 8f, (float) Math.sqrt(2), 2f},
    {null, null, null, null},
    {null, null, null, null},
    {null, null, null, null},
    {null, null, null, null},
    {null, 0f, 0f, 0f},
    {null, 0f, 5f, 7f},
    {Float.NaN, Float.NaN, Float.NaN, Float.NaN}
  };

  @TempDir static Path directory;
  private static final List<Pair> PAIRS = new ArrayList<>(RULES);

  @BeforeAll
  static void writeParquet() {
    Random random = new Random(1);
    for (int i = 0; i < RANDOM; i++) {
      PAIRS.add(new Pair(random(random, 64 + i), random(random, 64 + i)));
    }
    pairs(TestSpark.session(), PAIRS).coalesce(1).write().parquet(parquet());
  }

  @ParameterizedTest
  @EnumSource
  void arraysInMemoryKeepTheRules(Evaluation evaluation) {
    assertRules(pairs(registered(evaluation), PAIRS));
  }

  @ParameterizedTest
  @EnumSource
  void arraysOfParquetInBatchesKeepTheRules(Evaluation evaluation) {
    assertRules(registered(evaluation).read().parquet(parquet()));
  }

  @ParameterizedTest
  @EnumSource
  void arraysOfParquetByRowsKeepTheRules(Evaluation evaluation) {
    SparkSession session = registered(evaluation);
    session.conf().set("spark.sql.parquet.enableVectorizedReader", false);
    assertRules(session.read().parquet(parquet()));
  }

  @Test
  void columnsNeedNoRegistration() {
    Dataset<Row> pairs = pairs(TestSpark.session(), RULES.subList(0, 1));
    Column a = functions.col("a");
    Column b = functions.col("b");
    Dataset<Row> scores =
        pairs.select(
            VectorFunctions.vectorCosineSimilarity(a, b),
            VectorFunctions.vectorInnerProduct(a, b),
            VectorFunctions.vectorL2Distance(a, b),
            VectorFunctions.vectorL1Distance(a, b));
    assertThat(scores.schema().simpleString())
        .isEqualTo(
            "struct<vector_cosine_similarity(a, b):float,vector_inner_product(a, b):float,"
                + "vector_l2_distance(a, b):float,vector_l1_distance(a, b):float>");
    assertThat(List.of(scores.head().mkString(" ").split(" ", -1)))
        .containsExactly("0.8888889", "8.0", "1.4142135", "2.0");
  }

  @ParameterizedTest
  @EnumSource
  void theNameOfAMeasureFindsItsFunction(Similarity similarity) {
    Dataset<Row> pair = pairs(registered(), PAIRS.subList(PAIRS.size() - 1, PAIRS.size()));
    Column column = VectorFunctions.similarity(similarity, functions.col("a"), functions.col("b"));
    String name = VectorFunction.sqlName(similarity);
    Row row = pair.select(column, functions.expr(name + "(a, b)")).head();
    assertThat(row.getFloat(0)).isEqualTo(row.getFloat(1)).isNotZero();
  }

  @ParameterizedTest
  @EnumSource
  void differentDimensionsEndTheQuery(Evaluation evaluation) {
    Dataset<Row> pair =
        pairs(registered(evaluation), List.of(new Pair(vector(1f, 2f, null), vector(1f, 2f))));
    assertThatThrownBy(() -> pair.selectExpr("vector_l2_distance(a, b)").collectAsList())
        .rootCause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compute vector_l2_distance: the dimensions of the vectors differ,"
                + " found 3 and 2");
  }

  private static void assertRules(Dataset<Row> pairs) {
    List<Row> rows =
        pairs
            .selectExpr(
                "id",
                "vector_cosine_similarity(a, b)",
                "vector_inner_product(a, b)",
                "vector_l2_distance(a, b)",
                "vector_l1_distance(a, b)")
            .collectAsList();
    assertThat(rows).hasSameSizeAs(PAIRS);
    for (Row row : rows) {
      int id = row.getInt(0);
      for (Similarity similarity : Similarity.values()) {
        assertThat(row.get(1 + similarity.ordinal()))
            .as("%s of pair %d", similarity, id)
            .isEqualTo(
                id < RULES.size() ? EXPECTED[id][similarity.ordinal()] : direct(similarity, id));
      }
    }
  }

  /** The kernel's value, rounded to a float once. */
  private static Float direct(Similarity similarity, int id) {
    Pair pair = PAIRS.get(id);
    return (float)
        VectorKernels.similarity(similarity, floats(pair.a()), floats(pair.b())).orElseThrow();
  }

  private static float[] floats(Float[] boxed) {
    float[] floats = new float[boxed.length];
    for (int i = 0; i < boxed.length; i++) {
      floats[i] = boxed[i];
    }
    return floats;
  }

  private static Float[] random(Random random, int dimension) {
    Float[] vector = new Float[dimension];
    Arrays.setAll(vector, i -> (float) random.nextGaussian());
    return vector;
  }

  private static String parquet() {
    return directory.resolve("pairs").toString();
  }
}
