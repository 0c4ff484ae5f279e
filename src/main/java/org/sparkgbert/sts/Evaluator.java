package org.sparkgbert.sts;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.sts.Evaluation.Agreement;
import org.sparkgbert.sts.SpearmanBootstrap.Interval;
import org.sparkgbert.vector.Similarity;

/**
 * Compares scores of pairs with gold scores.
 *
 * <p>A pair counts if its gold score and its similarities are finite numbers. Gold scores are
 * numbers or texts that hold numbers. The numbers of all pairs are collected on the driver as rows
 * and kept for the duration of the call. Results depend on the pairs only, not on how the table is
 * partitioned.
 */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Correlations with gold scores, with bootstrap intervals. Reads the table once.
   *
   * @param pairs each similarity in its column, as numbers
   * @param goldColumn column with the gold scores
   * @param similarities which to evaluate; pairs that lack one do not count
   * @param resamples resamples of the bootstrap; 0 for no intervals
   * @param seed seed of the bootstrap
   * @throws IllegalArgumentException if a column is missing or holds no numbers, no pair counts,
   *     all gold scores are equal, or the count of resamples is negative
   */
  public static Evaluation evaluate(
      Dataset<Row> pairs,
      String goldColumn,
      List<Similarity> similarities,
      int resamples,
      long seed) {
    if (resamples < 0) {
      throw new IllegalArgumentException(
          "Cannot evaluate: resamples must be at least 0, found " + resamples);
    }
    List<Similarity> chosen = similarities.stream().distinct().toList();
    ScoreTable table = ScoreTable.read(pairs, new ScoreColumns(goldColumn, chosen));
    requireDifferent(table.pairs(), table.gold()[0], table.gold()[table.pairs() - 1]);
    List<Optional<Interval>> intervals =
        new SpearmanBootstrap(table.gold(), table.scores(), seed).intervals(resamples);
    Map<Similarity, Agreement> agreement = new LinkedHashMap<>();
    for (int i = 0; i < chosen.size(); i++) {
      agreement.put(chosen.get(i), agreement(table.gold(), table.scores()[i], intervals.get(i)));
    }
    return new Evaluation(table.pairs(), table.skipped(), agreement, resamples, seed);
  }

  /**
   * Details of one similarity for people to look at. Reads the table four times, so it should be
   * stored or cached; only the texts of the details are collected on the driver.
   *
   * @param pairs the similarity in its column, as numbers
   * @param sentence1Column column of any type that identifies the first sentence, ideally the
   *     sentence itself
   * @param sentence2Column the same for the second
   * @param seed chooses the pairs of the scatter plot
   * @throws IllegalArgumentException if a column is missing or holds no numbers, or no pair counts
   */
  public static EvaluationDetail detail(
      Dataset<Row> pairs,
      String sentence1Column,
      String sentence2Column,
      String goldColumn,
      Similarity similarity,
      long seed) {
    return new DetailQuery(sentence1Column, sentence2Column, goldColumn, similarity, seed)
        .run(pairs);
  }

  /**
   * Checks whether gold scores can be compared with anything, before work is spent on their pairs.
   * Reads their column once.
   *
   * @throws IllegalArgumentException if the column is missing or holds no numbers, or fewer than
   *     two different ones
   */
  public static void requireGold(Dataset<Row> pairs, String goldColumn) {
    ScoreColumns columns = new ScoreColumns(goldColumn, List.of(Similarity.values()));
    columns.checkGold(pairs.schema());
    Row found =
        pairs
            .select(columns.gold().as("gold"), columns.notANumber().as("text"))
            .agg(count("gold"), min("gold"), max("gold"), min("text"))
            .first();
    if (!found.isNullAt(3)) {
      throw columns.notANumber(found.getString(3));
    }
    if (found.getLong(0) == 0) {
      throw new IllegalArgumentException(
          "Cannot evaluate: column " + goldColumn + " must hold numbers, found none");
    }
    requireDifferent(found.getLong(0), found.getDouble(1), found.getDouble(2));
  }

  private static void requireDifferent(long pairs, double leastGold, double mostGold) {
    if (leastGold == mostGold) {
      throw new IllegalArgumentException(
          "Cannot evaluate: all "
              + pairs
              + " gold scores are "
              + leastGold
              + "; a correlation needs at least two different ones");
    }
  }

  private static Agreement agreement(double[] gold, double[] scores, Optional<Interval> interval) {
    return new Agreement(
        orNull(Correlation.pearson(gold, scores)),
        orNull(Correlation.spearman(gold, scores)),
        interval.map(Interval::low).orElse(null),
        interval.map(Interval::high).orElse(null));
  }

  private static Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
