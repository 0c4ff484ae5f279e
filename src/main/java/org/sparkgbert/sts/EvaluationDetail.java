package org.sparkgbert.sts;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.sparkgbert.vector.Similarity;

/**
 * Details of an evaluation for people to look at, for one similarity.
 *
 * @param similarity which one; distances are negated, as in {@link Evaluation}
 * @param scatter a seeded sample of pairs
 * @param calibration scores by gold band, from the lowest band up
 * @param tooHigh the pairs that the model puts highest above their gold score, worst first
 * @param tooLow the pairs that it puts farthest below, worst first
 */
@JsonNaming(SnakeCaseStrategy.class)
public record EvaluationDetail(
    Similarity similarity,
    List<ScoredPair> scatter,
    List<CalibrationBand> calibration,
    List<ScoredPair> tooHigh,
    List<ScoredPair> tooLow) {

  /**
   * A pair with both scores.
   *
   * @param sentence1 the first sentence
   * @param sentence2 the second
   * @param gold gold score
   * @param score the model's
   * @param goldRank share of pairs with a lower gold score, ties counted half, from 0 to 1
   * @param scoreRank the same by the model's score
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record ScoredPair(
      String sentence1,
      String sentence2,
      double gold,
      double score,
      double goldRank,
      double scoreRank) {}

  /**
   * Scores of the pairs whose gold score lies in a band. Where gold scores take few values, each
   * value is a band, and both its ends.
   *
   * @param low its lower end, which belongs to it
   * @param high its upper end, which belongs to the next band, or to this one if it is the last
   * @param pairs count of pairs, at least 1
   * @param mean mean of their scores
   * @param lowerQuartile a quarter of their scores lies below
   * @param median half of them
   * @param upperQuartile three quarters of them
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record CalibrationBand(
      double low,
      double high,
      long pairs,
      double mean,
      double lowerQuartile,
      double median,
      double upperQuartile) {}
}
