package org.sparkgbert.convert.graph;

import java.util.stream.IntStream;

/**
 * How the input of a matrix is rounded to uint8: {@code round(x / scale) + zeroPoint}, saturated,
 * except for the channels with the most extreme values, which stay float32.
 *
 * @param outliers channels that stay float32, ascending; owned, not copied
 * @param scale the step, positive
 * @param zeroPoint the value for 0, from 0 to 255
 * @param means mean of each channel; owned, not copied
 */
record InputQuantization(int[] outliers, float scale, int zeroPoint, float[] means) {
  private static final int LARGEST = 255;

  /**
   * Excludes the channels with the largest absolute values; the range covers what was observed of
   * all others.
   *
   * @param outliers how many, fewer than there are channels
   */
  static InputQuantization of(InputStatistics statistics, int outliers) {
    int channels = statistics.channels();
    int[] byExtreme = Channels.byExtreme(statistics);
    float least = 0;
    float largest = 0;
    for (int i = outliers; i < channels; i++) {
      least = Math.min(least, statistics.least(byExtreme[i]));
      largest = Math.max(largest, statistics.largest(byExtreme[i]));
    }
    float scale = Math.max((largest - least) / LARGEST, Float.MIN_NORMAL);
    int zeroPoint = (int) Math.max(0, Math.min(LARGEST, Math.rint(-least / scale)));
    int[] taken = IntStream.of(byExtreme).limit(outliers).sorted().toArray();
    return new InputQuantization(taken, scale, zeroPoint, statistics.means());
  }

  int channels() {
    return means.length;
  }
}
