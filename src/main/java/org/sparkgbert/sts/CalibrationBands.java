package org.sparkgbert.sts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.sparkgbert.sts.EvaluationDetail.CalibrationBand;

/** Cuts the range of gold scores into bands. */
final class CalibrationBands {
  /** Up to this many distinct gold scores have a band each. */
  private static final int DISTINCT = 12;

  private static final int EQUAL_WIDTH = 10;

  private CalibrationBands() {}

  /**
   * The bands with at least one pair, from low to high.
   *
   * @param gold gold scores from low to high, at least one
   * @param scores scores of the same pairs
   */
  static List<CalibrationBand> of(double[] gold, double[] scores) {
    double[] distinct = Arrays.stream(gold).distinct().limit(DISTINCT + 1).toArray();
    return distinct.length <= DISTINCT
        ? bands(gold, scores, distinct, distinct)
        : equalWidth(gold, scores);
  }

  private static List<CalibrationBand> equalWidth(double[] gold, double[] scores) {
    double[] ends = new double[EQUAL_WIDTH + 1];
    double max = gold[gold.length - 1];
    for (int i = 0; i <= EQUAL_WIDTH; i++) {
      ends[i] = (gold[0] * (EQUAL_WIDTH - i) + max * i) / EQUAL_WIDTH;
    }
    return bands(
        gold,
        scores,
        Arrays.copyOf(ends, EQUAL_WIDTH),
        Arrays.copyOfRange(ends, 1, EQUAL_WIDTH + 1));
  }

  private static List<CalibrationBand> bands(
      double[] gold, double[] scores, double[] lows, double[] highs) {
    List<CalibrationBand> bands = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < lows.length; i++) {
      int end = i + 1 < lows.length ? firstFrom(gold, start, lows[i + 1]) : gold.length;
      if (end > start) {
        bands.add(band(lows[i], highs[i], Arrays.copyOfRange(scores, start, end)));
      }
      start = end;
    }
    return bands;
  }

  private static int firstFrom(double[] sorted, int start, double value) {
    int place = start;
    while (place < sorted.length && sorted[place] < value) {
      place++;
    }
    return place;
  }

  private static CalibrationBand band(double low, double high, double[] scores) {
    Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
    percentile.setData(scores);
    return new CalibrationBand(
        low,
        high,
        scores.length,
        DoubleStream.of(scores).average().orElseThrow(),
        percentile.evaluate(25),
        percentile.evaluate(50),
        percentile.evaluate(75));
  }
}
