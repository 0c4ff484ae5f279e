package org.sparkgbert.train;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How well cosines of the dev pairs agree with their gold scores.
 *
 * @param epoch epochs done, with the part of the current one
 * @param step steps done; 0 before training
 * @param pearson Pearson's correlation, null if all cosines are equal
 * @param spearman Spearman's rank correlation, null if all cosines are equal
 */
@JsonNaming(SnakeCaseStrategy.class)
public record DevScore(double epoch, long step, Double pearson, Double spearman) {
  /** Whether it is better than another one. */
  boolean isBetterThan(DevScore other) {
    return rank() > other.rank();
  }

  private double rank() {
    return spearman == null ? Double.NEGATIVE_INFINITY : spearman;
  }
}
