package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;

/**
 * A value that was measured once per round: its median and range over the rounds.
 *
 * @param median half of the rounds are below it; the mean of the two middle values if the number of
 *     rounds is even
 * @param lowest lowest value of all rounds
 * @param highest highest value of all rounds
 * @param rounds number of rounds, at least 1
 */
@JsonNaming(SnakeCaseStrategy.class)
public record MedianAndRange(double median, double lowest, double highest, int rounds) {
  /**
   * @throws IllegalArgumentException if there is no round, a value is negative or not finite, or
   *     the median is outside the range
   */
  public MedianAndRange {
    if (rounds < 1) {
      throw new IllegalArgumentException("Cannot summarize: there is no round, found " + rounds);
    }
    if (!(lowest >= 0 && lowest <= median && median <= highest && Double.isFinite(highest))) {
      throw new IllegalArgumentException(
          "Cannot summarize: lowest, median and highest must be in order from 0, found %s, %s, %s"
              .formatted(lowest, median, highest));
    }
  }

  /**
   * Summarizes the values of rounds.
   *
   * @param values one per round, in any order; not modified
   * @throws IllegalArgumentException if there are none, or one is negative or not finite
   */
  public static MedianAndRange of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int count = sorted.length;
    if (count == 0) {
      throw new IllegalArgumentException("Cannot summarize: there is no round, found 0");
    }
    double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    return new MedianAndRange(median, sorted[0], sorted[count - 1], count);
  }

  /**
   * The ratios of two values that were measured in the same rounds: computed for each round, then
   * summarized.
   *
   * @param values one per round
   * @param bases in the same order; positive
   * @throws IllegalArgumentException if they have different numbers of rounds, or a base is not
   *     positive
   */
  public static MedianAndRange ofRatios(double[] values, double[] bases) {
    if (values.length != bases.length) {
      throw new IllegalArgumentException(
          "Cannot pair rounds: both sides must have the same number, found %d and %d"
              .formatted(values.length, bases.length));
    }
    double[] ratios = new double[values.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = values[i] / bases[i];
    }
    return of(ratios);
  }
}
