package org.sparkgbert.sts;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Map;
import org.sparkgbert.vector.Similarity;

/**
 * How well the scores of a model agree with gold scores.
 *
 * @param pairs pairs with a gold score and all similarities; only these count
 * @param pairsSkipped pairs that lack one of them
 * @param agreement for each similarity, in the order they were chosen, its agreement; distances are
 *     negated, so that more means more alike
 * @param resamples resamples of the bootstrap, 0 for no intervals
 * @param seed its seed
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Evaluation(
    long pairs, long pairsSkipped, Map<Similarity, Agreement> agreement, int resamples, long seed) {

  /**
   * Agreement of one similarity with gold scores.
   *
   * @param pearson Pearson's correlation, from -1 to 1; null where undefined: fewer than two pairs,
   *     or a column that is constant
   * @param spearman Spearman's rank correlation with average ranks for ties; null likewise
   * @param spearmanLow lower end of its 95 % bootstrap interval; null likewise
   * @param spearmanHigh upper end of it; null likewise
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Agreement(
      Double pearson, Double spearman, Double spearmanLow, Double spearmanHigh) {}
}
