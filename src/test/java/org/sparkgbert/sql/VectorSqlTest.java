package org.sparkgbert.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sparkgbert.vector.VectorSessions.pairs;
import static org.sparkgbert.vector.VectorSessions.vector;

import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ExplainMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.vector.Similarity;
import org.sparkgbert.vector.VectorSessions;
import org.sparkgbert.vector.VectorSessions.Pair;

/** The functions in all places of a query. */
class VectorSqlTest {
  private static SparkSession session;

  @BeforeAll
  static void register() {
    session = VectorSessions.registered();
    pairs(
            session,
            List.of(
                new Pair(vector(0f, 1f), vector(3f, 5f)),
                new Pair(vector(1f, 1f), vector(1f, 2f)),
                new Pair(vector(2f, 1f), vector(2f, 1f)),
                new Pair(vector(3f, 1f), null)))
        .createOrReplaceTempView("pairs");
  }

  @ParameterizedTest
  @CsvSource({
    "vector_cosine_similarity, 0.8888889",
    "vector_inner_product, 8.0",
    "vector_l2_distance, 1.4142135",
    "vector_l1_distance, 2.0"
  })
  void literalsAreEvaluatedWhileSparkPlans(String function, float expected) {
    Dataset<Row> query =
        session.sql("SELECT " + function + "(array(1f, 2f, 2f), array(2f, 2f, 1f)) FROM pairs");
    assertThat(query.queryExecution().optimizedPlan().toString())
        .contains("Project [" + expected + " AS ");
    assertThat(query.head().getFloat(0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(1f, cast(null AS float)), array(1f, 2f)",
        "NULL, array(1f)",
        "array(1f), NULL",
        "cast(array() AS array<float>), cast(array() AS array<float>)",
        "array(0f, 0f), array(1f, 1f)"
      })
  void literalsWithoutACosineGiveNull(String arguments) {
    assertThat(one("SELECT vector_cosine_similarity(" + arguments + ")")).isNull();
  }

  @Test
  void aLiteralMayStandOnEitherSideOfAColumn() {
    assertThat(
            ids(
                "SELECT id FROM pairs WHERE vector_l1_distance(a, array(1f, 1f)) = 0"
                    + " OR vector_l1_distance(array(2f, 1f), a) = 0"))
        .containsExactlyInAnyOrder(1, 2);
    assertThat(ids("SELECT id FROM pairs WHERE vector_l2_distance(a, array(1f, null)) IS NOT NULL"))
        .isEmpty();
  }

  @Test
  void aConditionKeepsRowsThatAreNear() {
    assertThat(ids("SELECT id FROM pairs WHERE vector_l2_distance(a, b) < 1.5"))
        .containsExactlyInAnyOrder(1, 2);
    assertThat(ids("SELECT id FROM pairs WHERE vector_l2_distance(a, b) IS NULL"))
        .containsExactly(3);
  }

  @Test
  void anOrderPutsTheNearestFirst() {
    assertThat(ids("SELECT id FROM pairs ORDER BY vector_l2_distance(a, array(2.9f, 1f)) LIMIT 3"))
        .containsExactly(3, 2, 1);
  }

  @Test
  void aJoinFindsEachRowsNearest() {
    assertThat(
            ids(
                "SELECT q.id FROM pairs q JOIN pairs r"
                    + " ON q.id <> r.id AND vector_cosine_similarity(q.a, r.a) > 0.98"))
        .containsExactlyInAnyOrder(2, 3);
  }

  @Test
  void groupsShareAMeasure() {
    List<Row> groups =
        session
            .sql(
                "SELECT vector_l1_distance(a, array(1.5f, 1f)) AS d, count(*) AS n FROM pairs"
                    + " GROUP BY vector_l1_distance(a, array(1.5f, 1f)) ORDER BY d")
            .collectAsList();
    assertThat(groups.toString()).isEqualTo("[[0.5,2], [1.5,2]]");
  }

  @Test
  void aMeasureThatStandsTwiceIsComputedOnce() {
    String code =
        session
            .sql("SELECT vector_inner_product(a, b), vector_inner_product(a, b) + 1 FROM pairs")
            .queryExecution()
            .explainString(ExplainMode.fromString("codegen"));
    assertThat(code.split("\\.ofArrays\\(", -1)).as(code).hasSize(2);
  }

  @Test
  void aConditionThatMayThrowWaitsForTheJoinThatKeepsDimensionsApart() {
    session
        .sql("SELECT 1 AS id, array(1f) AS v UNION ALL SELECT 2, array(1f, 1f)")
        .createOrReplaceTempView("mixed");
    assertThat(
            ids(
                "SELECT m.id FROM mixed m JOIN pairs p ON m.id = p.id AND p.id = 2"
                    + " WHERE vector_l2_distance(m.v, array(1f, 1f)) = 0"))
        .containsExactly(2);
  }

  @ParameterizedTest
  @EnumSource
  void otherTypesAreNotCast(Similarity similarity) {
    String name = similarity.sqlName();
    assertMismatch(name + "(array(1d), array(1f))", "first", "ARRAY<DOUBLE>");
    assertMismatch(name + "(array(1f), array(1d))", "second", "ARRAY<DOUBLE>");
    assertMismatch(name + "(array(1), array(1f))", "first", "ARRAY<INT>");
    assertMismatch(name + "(array(1f), 'text')", "second", "STRING");
    assertMismatch(name + "(array(1Y), array(1f))", "first", "ARRAY<TINYINT>");
    assertMismatch(name + "(array(1f), array(1Y))", "second", "ARRAY<TINYINT>");
    assertMismatch(name + "(X'A0', array(1f))", "first", "BINARY");
    assertMismatch(name + "(array(1f), X'A0')", "second", "BINARY");
  }

  @Test
  void twoVectorsAreAskedFor() {
    assertThatThrownBy(() -> session.sql("SELECT vector_l2_distance(array(1f))"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("WRONG_NUM_ARGS")
        .hasMessageContaining("vector_l2_distance");
  }

  @Test
  void namesAreFoundInAnyCaseAndStandInTheHeader() {
    assertThat(session.sql("SELECT VECTOR_L2_DISTANCE(a, b) FROM pairs").columns())
        .containsExactly("vector_l2_distance(a, b)");
  }

  @ParameterizedTest
  @EnumSource
  void theHelpNamesArgumentsAndItsExampleIsTrue(Similarity similarity) {
    String name = similarity.sqlName();
    String help =
        String.join(
            "\n",
            session.sql("DESCRIBE FUNCTION EXTENDED " + name).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList());
    assertThat(help)
        .contains("Function: " + name, name + "(left, right) - ", "array<float>", "Since: 0.1.0");
    int start = help.indexOf("> SELECT");
    String query = help.substring(start + 2, help.indexOf(';', start));
    String result =
        help.substring(help.indexOf(';', start) + 1).strip().lines().findFirst().orElseThrow();
    assertThat(one(query)).hasToString(result);
  }

  private static void assertMismatch(String call, String argument, String type) {
    assertThatThrownBy(() -> session.sql("SELECT " + call))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE")
        .hasMessageContaining(argument)
        .hasMessageContaining("\"ARRAY<FLOAT>\"")
        .hasMessageContaining("\"" + type + "\"");
  }

  private static Object one(String query) {
    return session.sql(query).head().get(0);
  }

  private static List<Integer> ids(String query) {
    return session.sql(query).collectAsList().stream().map(row -> row.getInt(0)).toList();
  }
}
