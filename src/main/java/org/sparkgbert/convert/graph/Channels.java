package org.sparkgbert.convert.graph;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How the channels between two matrices are laid out: the first gives them in another order or
 * divided by constants, the second takes them so, and what both compute together stays the same.
 *
 * @param order for each place the channel that is there; owned, not copied
 * @param divisors what each place's values are divided by, positive; owned, not copied
 */
record Channels(int[] order, float[] divisors) {
  /** A channel that is always nearly 0 gets no more than ten times as large. */
  private static final double LEAST_DIVISOR = 0.1;

  private static final double LARGEST_DIVISOR = 100;

  /** A channel whose range is still so many times the median's when it is evened, is an outlier. */
  private static final float OUTLIER = 4;

  /** As they are. */
  static Channels same(int count) {
    return new Channels(IntStream.range(0, count).toArray(), ones(count));
  }

  /** Those with the largest absolute values first, so that they are one block. */
  static Channels extremesFirst(InputStatistics seen, int first) {
    int[] byExtreme = byExtreme(seen);
    Arrays.sort(byExtreme, 0, first);
    Arrays.sort(byExtreme, first, byExtreme.length);
    return new Channels(byExtreme, ones(byExtreme.length));
  }

  /**
   * Divided by the square root of their largest absolute value over its median among all channels
   * but those that are always nearly 0: half of the way to ranges that are all equal, since the
   * second matrix is rounded too, whose rows are multiplied by the same.
   *
   * <p><b>Source:</b> Xiao et al., "SmoothQuant", 2023.
   */
  static Channels evened(InputStatistics seen) {
    int count = seen.channels();
    int[] byExtreme = byExtreme(seen);
    double median = seen.extreme(byExtreme[live(seen, byExtreme) / 2]);
    float[] divisors = ones(count);
    for (int channel = 0; channel < count && median > 0; channel++) {
      double ratio = seen.extreme(channel) / median;
      divisors[channel] =
          (float) Math.max(LEAST_DIVISOR, Math.min(LARGEST_DIVISOR, Math.sqrt(ratio)));
    }
    return new Channels(IntStream.range(0, count).toArray(), divisors);
  }

  /**
   * How many channels are not nearly 0: those so near the largest that a divisor in range evens
   * them.
   */
  private static int live(InputStatistics seen, int[] byExtreme) {
    double least = seen.extreme(byExtreme[0]) / (LARGEST_DIVISOR * LARGEST_DIVISOR);
    int live = 1;
    while (live < byExtreme.length && seen.extreme(byExtreme[live]) >= least) {
      live++;
    }
    return live;
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Channels in descending order of their largest absolute values. */
  static int[] byExtreme(InputStatistics seen) {
    return IntStream.range(0, seen.channels())
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer channel) -> seen.extreme(channel))
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  int count() {
    return order.length;
  }

  /** How many channels are still outliers when they are evened. */
  int outliers() {
    int outliers = 0;
    for (float divisor : divisors) {
      if (divisor > OUTLIER) {
        outliers++;
      }
    }
    return outliers;
  }

  /**
   * What the first matrix gives.
   *
   * @param values weights {@code [channels, in]}, or a bias {@code [channels]}
   */
  float[] given(float[] values) {
    int in = values.length / count();
    float[] given = new float[values.length];
    for (int place = 0; place < count(); place++) {
      int from = order[place] * in;
      for (int i = 0; i < in; i++) {
        given[place * in + i] = values[from + i] / divisors[place];
      }
    }
    return given;
  }

  /**
   * What the second matrix takes.
   *
   * @param values weights {@code [out, channels]}
   */
  float[] taken(float[] values) {
    float[] taken = new float[values.length];
    for (int row = 0; row < values.length; row += count()) {
      for (int place = 0; place < count(); place++) {
        taken[row + place] = values[row + order[place]] * divisors[place];
      }
    }
    return taken;
  }

  /** Statistics of the channels as they are laid out. */
  InputStatistics of(InputStatistics seen) {
    return seen.at(order, divisors);
  }
}
