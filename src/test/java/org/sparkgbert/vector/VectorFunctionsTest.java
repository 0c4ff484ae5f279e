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
import java.util.Map;
import java.util.OptionalDouble;
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

  /** Results of these pairs, worked by hand. */
  private static final Map<Similarity, Float[]> EXPECTED =
      Map.of(
          Similarity.COSINE, vector(8f / 9, null, null, null, null, null, null, Float.NaN),
          Similarity.DOT, vector(8f, null, null, null, null, 0f, 0f, Float.NaN),
          Similarity.EUCLIDEAN,
              vector((float) Math.sqrt(2), null, null, null, null, 0f, 5f, Float.NaN),
          Similarity.MANHATTAN, vector(2f, null, null, null, null, 0f, 7f, Float.NaN));

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
            VectorFunctions.similarity(Similarity.COSINE, a, b),
            VectorFunctions.similarity(Similarity.DOT, a, b),
            VectorFunctions.similarity(Similarity.EUCLIDEAN, a, b),
            VectorFunctions.similarity(Similarity.MANHATTAN, a, b));
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
    Row row = pair.select(column, functions.expr(call(similarity))).head();
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

  private static String call(Similarity similarity) {
    return similarity.sqlName() + "(a, b)";
  }

  private static void assertRules(Dataset<Row> pairs) {
    List<String> columns = new ArrayList<>(List.of("id"));
    Arrays.stream(Similarity.values()).map(VectorFunctionsTest::call).forEach(columns::add);
    List<Row> rows = pairs.selectExpr(columns.toArray(String[]::new)).collectAsList();
    assertThat(rows).hasSameSizeAs(PAIRS);
    for (Row row : rows) {
      int id = row.getInt(0);
      for (Similarity similarity : Similarity.values()) {
        assertThat(row.get(1 + similarity.ordinal()))
            .as("%s of pair %d", similarity, id)
            .isEqualTo(expected(similarity, id));
      }
    }
  }

  private static Float expected(Similarity similarity, int id) {
    return id < RULES.size() && EXPECTED.containsKey(similarity)
        ? EXPECTED.get(similarity)[id]
        : direct(similarity, PAIRS.get(id));
  }

  /** The measure's value, rounded to a float once; null for what holds a null. */
  private static Float direct(Similarity similarity, Pair pair) {
    if (holdsNull(pair.a()) || holdsNull(pair.b())) {
      return null;
    }
    OptionalDouble value = similarity.of(floats(pair.a()), floats(pair.b()));
    return value.isPresent() ? (Float) (float) value.getAsDouble() : null;
  }

  private static boolean holdsNull(Float[] vector) {
    return vector == null || Arrays.asList(vector).contains(null);
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
