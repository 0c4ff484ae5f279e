package org.sparkgbert.search;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The best scores of questions for which anything was found.
 *
 * @param byNumber of each question, by its number; NaN where nothing was found
 */
record BestScores(double[] byNumber) {
  private static final int BANDS = 24;

  /** With fewer there is no telling which ones are low. */
  private static final int LEAST = 8;

  /** Those that there are, ascending. */
  double[] sorted() {
    return Arrays.stream(byNumber).filter(score -> !Double.isNaN(score)).sorted().toArray();
  }

  /** How they are distributed. */
  List<ScoreBand> bands() {
    return ScoreBand.of(sorted(), BANDS);
  }

  /** The one in the middle; empty for none. */
  OptionalDouble median() {
    double[] sorted = sorted();
    return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(quantile(sorted, 0.5));
  }

  /**
   * The score below which one is unusually low: the lower quartile less 1.5 times the distance of
   * the quartiles. Empty for a few scores.
   *
   * <p><b>Source:</b> Tukey, Exploratory Data Analysis, 1977.
   */
  OptionalDouble lowerFence() {
    double[] sorted = sorted();
    if (sorted.length < LEAST) {
      return OptionalDouble.empty();
    }
    double lower = quantile(sorted, 0.25);
    return OptionalDouble.of(lower - 1.5 * (quantile(sorted, 0.75) - lower));
  }

  /** Between the two nearest ones it is interpolated. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
