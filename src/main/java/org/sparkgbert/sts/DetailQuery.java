package org.sparkgbert.sts;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.sts.EvaluationDetail.ScoredPair;
import org.sparkgbert.vector.Similarity;

/**
 * Finds what an {@link EvaluationDetail} shows. Rows that tie are equal in everything that is
 * shown, so the result does not depend on the partitions.
 *
 * @param seed chooses the pairs of the scatter plot
 */
record DetailQuery(
    String sentence1Column,
    String sentence2Column,
    String goldColumn,
    Similarity similarity,
    long seed) {
  private static final int SCATTER = 2000;
  private static final int EXTREMES = 15;

  /** Code points of a sentence that are shown. */
  private static final int SHOWN = 500;

  private static final String HASH = "hash";
  private static final Column[] BY_WHAT_IS_SHOWN = {
    col("sentence1"), col("sentence2"), col("gold"), col("score")
  };

  EvaluationDetail run(Dataset<Row> pairs) {
    ColumnNames.require("show", List.of(sentence1Column, sentence2Column), pairs.schema());
    ScoreTable table = ScoreTable.read(pairs, columns());
    double[] scores = table.scores()[0];
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(pairs.sparkSession().sparkContext());
    Broadcast<double[]> sortedGold = context.broadcast(table.gold());
    Broadcast<double[]> sortedScores = context.broadcast(Arrays.stream(scores).sorted().toArray());
    try {
      Dataset<Row> ranked = ranked(pairs, new MidRank(sortedGold), new MidRank(sortedScores));
      Column excess = col("score_rank").minus(col("gold_rank"));
      return new EvaluationDetail(
          similarity,
          first(ranked, col(HASH), SCATTER),
          CalibrationBands.of(table.gold(), scores),
          first(ranked.where(excess.gt(0)), excess.desc(), EXTREMES),
          first(ranked.where(excess.lt(0)), excess.asc(), EXTREMES));
    } finally {
      sortedGold.destroy();
      sortedScores.destroy();
    }
  }

  private ScoreColumns columns() {
    return new ScoreColumns(goldColumn, List.of(similarity));
  }

  private Dataset<Row> ranked(Dataset<Row> pairs, MidRank ofGold, MidRank ofScore) {
    Column first = text(sentence1Column);
    Column second = text(sentence2Column);
    return pairs
        .select(
            shown(first).as("sentence1"),
            shown(second).as("sentence2"),
            columns().gold().as("gold"),
            ScoreColumns.score(similarity).as("score"),
            xxhash64(first, second, lit(seed)).as(HASH))
        .where(col("gold").isNotNull().and(col("score").isNotNull()))
        .withColumn("gold_rank", udf(ofGold, DataTypes.DoubleType).apply(col("gold")))
        .withColumn("score_rank", udf(ofScore, DataTypes.DoubleType).apply(col("score")));
  }

  private static Column text(String column) {
    return coalesce(ColumnNames.column(column).cast(DataTypes.StringType), lit(""));
  }

  /** Spark counts code points, so no surrogate pair is cut. */
  private static Column shown(Column text) {
    return when(length(text).gt(SHOWN), concat(substring(text, 1, SHOWN), lit("…")))
        .otherwise(text);
  }

  private static List<ScoredPair> first(Dataset<Row> ranked, Column order, int count) {
    Column[] then = BY_WHAT_IS_SHOWN;
    return ranked
        .orderBy(order, then[0], then[1], then[2], then[3])
        .limit(count)
        .collectAsList()
        .stream()
        .map(DetailQuery::pair)
        .toList();
  }

  private static ScoredPair pair(Row row) {
    return new ScoredPair(
        row.getAs("sentence1"),
        row.getAs("sentence2"),
        row.<Double>getAs("gold"),
        row.<Double>getAs("score"),
        row.<Double>getAs("gold_rank"),
        row.<Double>getAs("score_rank"));
  }
}
