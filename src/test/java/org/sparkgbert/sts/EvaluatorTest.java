package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.sparkgbert.vector.Similarity.COSINE;
import static org.sparkgbert.vector.Similarity.EUCLIDEAN;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.sts.Evaluation.Agreement;
import org.sparkgbert.vector.Similarity;

class EvaluatorTest {
  private static final List<Similarity> BOTH = List.of(EUCLIDEAN, COSINE);
  private static final int RESAMPLES = 40;
  private static final long SEED = 7;
  private static final Offset<Double> ALMOST = within(1e-12);

  @Test
  void evaluatesAsTheKernelsDoWithDistancesNegated() {
    List<Row> rows = random(150);
    Evaluation evaluation = evaluate(pairs(rows, 2));
    double[] gold = column(rows, row -> row.getDouble(0));
    double[] cosine = column(rows, row -> row.getFloat(1));
    double[] nearness = column(rows, row -> -row.getDouble(2));
    assertThat(evaluation.pairs()).isEqualTo(150);
    assertThat(evaluation.pairsSkipped()).isZero();
    assertThat(evaluation.resamples()).isEqualTo(RESAMPLES);
    assertThat(evaluation.seed()).isEqualTo(SEED);
    assertThat(evaluation.agreement().keySet()).containsExactly(EUCLIDEAN, COSINE);
    assertAgrees(evaluation.agreement().get(COSINE), gold, cosine);
    assertAgrees(evaluation.agreement().get(EUCLIDEAN), gold, nearness);
  }

  @Test
  void partitionsAndOrderHaveNoPartInTheResult() {
    List<Row> rows = random(150);
    Evaluation expected = evaluate(pairs(rows, 1));
    for (int partitions : new int[] {3, 8}) {
      Collections.shuffle(rows, new Random(partitions));
      assertThat(evaluate(pairs(rows, partitions))).isEqualTo(expected);
    }
  }

  @Test
  void pairsThatLackANumberAreSkippedAndCounted() {
    List<Row> rows = random(50);
    Evaluation expected = evaluate(pairs(rows, 2));
    rows.addAll(
        List.of(
            RowFactory.create(null, 0.5f, 0.5),
            RowFactory.create(Double.NaN, 0.5f, 0.5),
            RowFactory.create(1.0, null, 0.5),
            RowFactory.create(1.0, Float.NaN, 0.5),
            RowFactory.create(1.0, 0.5f, Double.POSITIVE_INFINITY),
            RowFactory.create(null, null, null)));
    Evaluation evaluation = evaluate(pairs(rows, 2));
    assertThat(evaluation.pairsSkipped()).isEqualTo(6);
    assertThat(evaluation.pairs()).isEqualTo(50);
    assertThat(evaluation.agreement()).isEqualTo(expected.agreement());
  }

  @Test
  void manyPairsOfOnePartitionAllCount() {
    Dataset<Row> pairs =
        TestSpark.session()
            .range(0, 10_000, 1, 1)
            .selectExpr("id as gold", "cast(id as float) as cosine_similarity");
    Evaluation evaluation = Evaluator.evaluate(pairs, "gold", List.of(COSINE), 2, SEED);
    assertThat(evaluation.pairs()).isEqualTo(10_000);
    assertThat(evaluation.agreement().get(COSINE)).isEqualTo(new Agreement(1.0, 1.0, 1.0, 1.0));
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    List<Row> signed = List.of(strings("-0.0", 1), strings("0", 2), strings("1", 3));
    List<Row> plain = List.of(strings("0", 1), strings("0", 2), strings("1", 3));
    assertThat(Evaluator.evaluate(stringPairs(signed), "gold", List.of(COSINE), 5, SEED))
        .isEqualTo(Evaluator.evaluate(stringPairs(plain), "gold", List.of(COSINE), 5, SEED));
    assertRefused(
        stringPairs(List.of(strings("0", 1), strings("-0.0", 2))),
        "Cannot evaluate: all 2 gold scores are 0.0; a correlation needs at least two different ones");
  }

  @Test
  void goldScoresMayBeTextsThatHoldNumbers() {
    List<Row> rows =
        List.of(strings("1", 1), strings(" 2.5 ", 2), strings("1e1", 3), strings(null, 4));
    Evaluation evaluation = Evaluator.evaluate(stringPairs(rows), "gold", List.of(COSINE), 5, SEED);
    assertThat(evaluation.pairs()).isEqualTo(3);
    assertThat(evaluation.agreement().get(COSINE).spearman()).isEqualTo(1);
  }

  @Test
  void refusesGoldScoresThatAreNoNumbers() {
    List<Row> rows =
        List.of(strings("1", 1), strings("x", 2), strings("abc", 3), strings("3,5", 4));
    assertRefused(
        stringPairs(rows.subList(0, 3)),
        "Cannot evaluate: column gold must hold numbers, found 'abc'");
    assertRefused(stringPairs(rows), "Cannot evaluate: column gold must hold numbers, found '3,5'");
  }

  @Test
  void refusesTablesWithoutTheColumns() {
    assertRefused(
        pairs(random(3), 1).drop("gold"),
        "Cannot evaluate column 'gold': there is no such column, found"
            + " [cosine_similarity, euclidean_distance]");
    assertRefused(
        pairs(random(3), 1).drop("cosine_similarity"),
        "Cannot evaluate column 'cosine_similarity': there is no such column, found"
            + " [gold, euclidean_distance]");
  }

  @Test
  void refusesColumnsThatCannotHoldNumbers() {
    Dataset<Row> pairs = pairs(random(3), 1);
    assertRefused(
        pairs.selectExpr("gold > 1 as gold", "cosine_similarity"),
        "Cannot evaluate: column gold must hold numbers, found type boolean");
    assertRefused(
        pairs.selectExpr("gold", "'0.5' as cosine_similarity"),
        "Cannot evaluate: column cosine_similarity must hold numbers, found type string");
  }

  @Test
  void refusesTablesOfWhichNoPairCounts() {
    List<Row> rows =
        List.of(
            RowFactory.create(null, 0.5f, 0.5),
            RowFactory.create(null, null, 0.5),
            RowFactory.create(1.0, null, 0.5));
    assertRefused(
        pairs(rows, 2),
        "Cannot evaluate: no pair has a gold score and all similarities, found 3 pairs,"
            + " 2 without a gold score, 1 with one but without a similarity");
  }

  @Test
  void refusesGoldScoresThatAreAllEqual() {
    List<Row> rows = List.of(RowFactory.create(3.0, 0.5f, 0.5), RowFactory.create(3.0, 0.6f, 0.5));
    assertRefused(
        pairs(rows, 2),
        "Cannot evaluate: all 2 gold scores are 3.0; a correlation needs at least two different ones");
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    Dataset<Row> pairs = pairs(random(3), 1);
    assertThatThrownBy(() -> Evaluator.evaluate(pairs, "gold", List.of(), 10, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot evaluate: no similarity is chosen");
    assertThatThrownBy(() -> Evaluator.evaluate(pairs, "gold", BOTH, -1, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot evaluate: resamples must be at least 0, found -1");
  }

  @Test
  void undefinedAgreementIsNullInJson() throws Exception {
    List<Row> rows = List.of(RowFactory.create(1.0, 0.5f, 1.0), RowFactory.create(3.0, 0.5f, 0.5));
    String json = new ObjectMapper().writeValueAsString(evaluate(pairs(rows, 1)));
    assertThat(json).doesNotContain("NaN");
    JsonNode agreement = new ObjectMapper().readTree(json).get("agreement");
    assertThat(agreement.get("COSINE").toString())
        .isEqualTo(
            "{\"pearson\":null,\"spearman\":null,\"spearman_low\":null,\"spearman_high\":null}");
    assertThat(agreement.get("EUCLIDEAN").get("spearman_low").asDouble()).isEqualTo(1);
  }

  @Test
  void noResamplesGiveNoInterval() {
    Agreement agreement =
        Evaluator.evaluate(pairs(random(20), 1), "gold", BOTH, 0, SEED).agreement().get(COSINE);
    assertThat(agreement.spearman()).isNotNull();
    assertThat(agreement.spearmanLow()).isNull();
    assertThat(agreement.spearmanHigh()).isNull();
  }

  private static void assertAgrees(Agreement agreement, double[] gold, double[] scores) {
    assertThat(agreement.spearman())
        .isCloseTo(DirectFormulas.spearman(gold, scores), ALMOST)
        .isBetween(0.3, 0.95);
    assertThat(agreement.pearson()).isCloseTo(DirectFormulas.pearson(gold, scores), ALMOST);
    assertThat(agreement.spearman()).isBetween(agreement.spearmanLow(), agreement.spearmanHigh());
  }

  private static void assertRefused(Dataset<Row> pairs, String message) {
    assertThatThrownBy(() -> Evaluator.evaluate(pairs, "gold", List.of(COSINE), 1, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Evaluation evaluate(Dataset<Row> pairs) {
    return Evaluator.evaluate(pairs, "gold", BOTH, RESAMPLES, SEED);
  }

  /** Gold scores from 0 to 5, with ties; a float and a distance that go with them. */
  private static List<Row> random(int count) {
    Random random = new Random(count);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double gold = random.nextInt(11) / 2.0;
      float cosine = (float) Math.tanh((gold - 2 + random.nextGaussian()) / 3);
      double distance = Math.rint(10 - gold + random.nextGaussian());
      rows.add(RowFactory.create(gold, cosine, distance));
    }
    return rows;
  }

  private static double[] column(List<Row> rows, ToDoubleFunction<Row> value) {
    return rows.stream().mapToDouble(value).toArray();
  }

  private static Row strings(String gold, float cosine) {
    return RowFactory.create(gold, cosine, 1.0);
  }

  private static Dataset<Row> pairs(List<Row> rows, int partitions) {
    return pairs(rows, partitions, DataTypes.DoubleType);
  }

  private static Dataset<Row> stringPairs(List<Row> rows) {
    return pairs(rows, 2, DataTypes.StringType);
  }

  private static Dataset<Row> pairs(List<Row> rows, int partitions, DataType gold) {
    StructType schema =
        new StructType()
            .add("gold", gold)
            .add("cosine_similarity", DataTypes.FloatType)
            .add("euclidean_distance", DataTypes.DoubleType);
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    return TestSpark.session()
        .createDataFrame(context.parallelize(new ArrayList<>(rows), partitions), schema);
  }
}
