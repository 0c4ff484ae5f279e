package org.sparkgbert.convert.graph;

import java.util.Arrays;

/**
 * Statistics of the input of a matrix: range and mean of each channel.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class InputStatistics {
  private final float[] least;
  private final float[] largest;
  private final double[] sums;
  private long tokens;

  InputStatistics(int channels) {
    least = new float[channels];
    largest = new float[channels];
    sums = new double[channels];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
  }

  /** Adds the statistics of some tokens: minimum, maximum and sum of each channel. */
  void add(float[] theirLeast, float[] theirLargest, float[] theirSums, int count) {
    for (int channel = 0; channel < sums.length; channel++) {
      least[channel] = Math.min(least[channel], theirLeast[channel]);
      largest[channel] = Math.max(largest[channel], theirLargest[channel]);
      sums[channel] += theirSums[channel];
    }
    tokens += count;
  }

  /**
   * Statistics of the same channels in another order, divided by constants.
   *
   * @param order for each place the channel that is there
   * @param divisors what each place's values are divided by, positive
   */
  InputStatistics at(int[] order, float[] divisors) {
    InputStatistics there = new InputStatistics(order.length);
    for (int place = 0; place < order.length; place++) {
      there.least[place] = least[order[place]] / divisors[place];
      there.largest[place] = largest[order[place]] / divisors[place];
      there.sums[place] = sums[order[place]] / divisors[place];
    }
    there.tokens = tokens;
    return there;
  }

  int channels() {
    return sums.length;
  }

  float least(int channel) {
    return least[channel];
  }

  float largest(int channel) {
    return largest[channel];
  }

  /** The largest absolute value of a channel. */
  float extreme(int channel) {
    return Math.max(-least[channel], largest[channel]);
  }

  float[] means() {
    float[] means = new float[sums.length];
    for (int channel = 0; channel < means.length; channel++) {
      means[channel] = (float) (sums[channel] / tokens);
    }
    return means;
  }
}
