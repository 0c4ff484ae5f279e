package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.sts.EvaluationDetail.CalibrationBand;
import org.sparkgbert.sts.EvaluationDetail.ScoredPair;
import org.sparkgbert.vector.Similarity;

class EvaluationDetailTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("first", DataTypes.StringType)
          .add("second", DataTypes.StringType)
          .add("gold", DataTypes.StringType)
          .add("euclidean_distance", DataTypes.FloatType)
          .add("cosine_similarity", DataTypes.FloatType);

  @Test
  void smallTableIsWorkedByHand() {
    Dataset<Row> pairs =
        table(
            pair("a", "b", "0", 0.75f),
            pair("c", "d", "1", 0.5f),
            pair("e", "f", "1", 0.25f),
            pair("g", "h", "5", 0.5f),
            pair("no", "gold", null, 0.5f),
            pair("no", "score", "3", null));
    EvaluationDetail detail = detail(pairs, Similarity.COSINE, 1);
    ScoredPair ab = new ScoredPair("a", "b", 0, 0.75, 0.125, 0.875);
    ScoredPair cd = new ScoredPair("c", "d", 1, 0.5, 0.5, 0.5);
    ScoredPair ef = new ScoredPair("e", "f", 1, 0.25, 0.5, 0.125);
    ScoredPair gh = new ScoredPair("g", "h", 5, 0.5, 0.875, 0.5);
    assertThat(detail.similarity()).isEqualTo(Similarity.COSINE);
    assertThat(detail.scatter()).containsExactlyInAnyOrder(ab, cd, ef, gh);
    assertThat(detail.tooHigh()).containsExactly(ab);
    assertThat(detail.tooLow()).containsExactly(ef, gh);
    assertThat(detail.calibration())
        .containsExactly(
            new CalibrationBand(0, 0, 1, 0.75, 0.75, 0.75, 0.75),
            new CalibrationBand(1, 1, 2, 0.375, 0.3125, 0.375, 0.4375),
            new CalibrationBand(5, 5, 1, 0.5, 0.5, 0.5, 0.5));
  }

  @Test
  void ofDistancesTheNegativeIsShown() {
    Dataset<Row> pairs =
        table(
            RowFactory.create("far", "x", "5", 9f, null),
            RowFactory.create("near", "y", "0", 0f, null));
    EvaluationDetail detail = detail(pairs, Similarity.EUCLIDEAN, 1);
    assertThat(detail.tooHigh()).containsExactly(new ScoredPair("near", "y", 0, 0, 0.25, 0.75));
    assertThat(detail.tooLow()).containsExactly(new ScoredPair("far", "x", 5, -9, 0.75, 0.25));
  }

  @Test
  void partitionsHaveNoPartInTheResult() {
    Dataset<Row> many = many(2500);
    EvaluationDetail expected = detail(many.coalesce(1), Similarity.COSINE, 3);
    assertThat(detail(many.repartition(5), Similarity.COSINE, 3)).isEqualTo(expected);
    assertThat(expected.scatter()).hasSize(2000).doesNotHaveDuplicates();
    assertThat(expected.calibration()).hasSize(10);
    assertThat(expected.tooHigh())
        .extracting(ScoredPair::sentence2)
        .containsExactlyElementsOf(worst(2500, 1));
    assertThat(expected.tooLow())
        .extracting(ScoredPair::sentence2)
        .containsExactlyElementsOf(worst(2500, -1));
  }

  @Test
  void theSeedChoosesThePairsOfTheScatter() {
    Dataset<Row> many = many(2500);
    List<ScoredPair> scatter = detail(many, Similarity.COSINE, 3).scatter();
    List<ScoredPair> other = detail(many, Similarity.COSINE, 4).scatter();
    assertThat(other).isNotEqualTo(scatter);
    assertThat(other.stream().filter(scatter::contains).count()).isBetween(1500L, 1700L);
  }

  @Test
  void longSentencesAreCutBetweenCharacters() {
    String emoji = "😀";
    Dataset<Row> pairs =
        table(
            pair(emoji.repeat(500), emoji.repeat(501), "1", 0.5f),
            pair("ä".repeat(100_000), null, "2", 0.75f));
    assertThat(detail(pairs, Similarity.COSINE, 1).scatter())
        .containsExactlyInAnyOrder(
            new ScoredPair(emoji.repeat(500), emoji.repeat(500) + "…", 1, 0.5, 0.25, 0.25),
            new ScoredPair("ä".repeat(500) + "…", "", 2, 0.75, 0.75, 0.75));
  }

  @Test
  void identifiersOfAnyTypeStandForSentences() throws Exception {
    Dataset<Row> pairs =
        many(3)
            .selectExpr(
                "cast(gold as int) as id1", "array(1, 2) as id2", "gold", "cosine_similarity");
    EvaluationDetail detail = Evaluator.detail(pairs, "id1", "id2", "gold", Similarity.COSINE, 1);
    assertThat(detail.scatter()).extracting(ScoredPair::sentence1).contains("0", "1", "2");
    assertThat(detail.scatter()).extracting(ScoredPair::sentence2).containsOnly("[1, 2]");
    assertThat(new ObjectMapper().writeValueAsString(detail))
        .contains("\"too_high\":", "\"score_rank\":")
        .doesNotContain("NaN");
  }

  @Test
  void refusesTablesThatCannotBeShown() {
    Dataset<Row> pairs = many(3);
    assertThatThrownBy(() -> Evaluator.detail(pairs, "a", "second", "gold", Similarity.COSINE, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot show column 'a': there is no such column, found"
                + " [first, second, gold, cosine_similarity]");
    Dataset<Row> wrong = table(pair("a", "b", "much", 0.5f));
    assertThatThrownBy(() -> detail(wrong, Similarity.COSINE, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot evaluate: column gold must hold numbers, found 'much'");
  }

  private static EvaluationDetail detail(Dataset<Row> pairs, Similarity similarity, long seed) {
    return Evaluator.detail(pairs, "first", "second", "gold", similarity, seed);
  }

  private static Row pair(String first, String second, String gold, Float cosine) {
    return RowFactory.create(first, second, gold, null, cosine);
  }

  private static Dataset<Row> table(Row... rows) {
    return TestSpark.session().createDataFrame(Arrays.asList(rows), SCHEMA);
  }

  /** Pairs of 50 gold scores and 100 scores, where each combination comes often. */
  private static Dataset<Row> many(int count) {
    return TestSpark.session()
        .range(count)
        .selectExpr(
            "concat('s', id % 7) as first",
            "concat('t', id) as second",
            "cast(id % 50 as double) as gold",
            "cast(id * 19 % 100 as float) as cosine_similarity");
  }

  /** Second sentences of the 15 of {@link #many} with the most excess, or the least for -1. */
  private static List<String> worst(int count, int sign) {
    double[] gold = IntStream.range(0, count).mapToDouble(id -> id % 50).toArray();
    double[] score = IntStream.range(0, count).mapToDouble(id -> id * 19 % 100).toArray();
    double[] goldRanks = DirectFormulas.ranks(gold);
    double[] scoreRanks = DirectFormulas.ranks(score);
    return IntStream.range(0, count)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(id -> sign * (goldRanks[id] - scoreRanks[id]))
                .thenComparing(id -> "s" + id % 7)
                .thenComparing(id -> "t" + id))
        .limit(15)
        .map(id -> "t" + id)
        .toList();
  }
}
