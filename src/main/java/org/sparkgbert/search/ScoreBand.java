package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Questions whose best score lies in a range.
 *
 * @param low least score
 * @param high highest score, exclusive but for the last band
 * @param questions how many there are
 */
public record ScoreBand(double low, double high, int questions) {
  /** Bands of the same width from the least to the highest score; none for no scores. */
  static List<ScoreBand> of(double[] sorted, int most) {
    if (sorted.length == 0) {
      return List.of();
    }
    double low = sorted[0];
    double width = (sorted[sorted.length - 1] - low) / most;
    if (!(width > 0)) {
      return List.of(new ScoreBand(low, low, sorted.length));
    }
    int[] counts = new int[most];
    for (double score : sorted) {
      counts[Math.min(most - 1, (int) ((score - low) / width))]++;
    }
    List<ScoreBand> bands = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      bands.add(new ScoreBand(low + i * width, low + (i + 1) * width, counts[i]));
    }
    return bands;
  }
}
