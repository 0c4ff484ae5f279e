package org.sparkgbert.convert.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChannelsTest {
  private static final int IN = 3;
  private static final int CHANNELS = 6;
  private static final int OUT = 4;

  private final SplittableRandom random = new SplittableRandom(7);
  private final float[] first = gaussians(CHANNELS * IN);
  private final float[] bias = gaussians(CHANNELS);
  private final float[] second = gaussians(OUT * CHANNELS);

  @Test
  void theMostExtremeComeFirstAndTheOthersKeepTheirOrder() {
    Channels channels = Channels.extremesFirst(seen(1, 9, 2, 2, 7, 8), 3);
    assertThat(channels.order()).containsExactly(1, 4, 5, 0, 2, 3);
    assertThat(channels.divisors()).containsOnly(1);
    assertThat(channels.of(seen(1, 9, 2, 2, 7, 8)).extreme(1)).isEqualTo(7);
  }

  @Test
  void evenedChannelsAreLessUnlike() {
    InputStatistics seen = seen(4, 4, 400, 4, 1, 0);
    Channels channels = Channels.evened(seen);
    assertThat(channels.order()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(channels.divisors()).containsExactly(1, 1, 10, 1, 0.5f, 0.1f);
    InputStatistics evened = channels.of(seen);
    assertThat(evened.extreme(2)).isEqualTo(40);
    assertThat(evened.extreme(4)).isEqualTo(2);
    assertThat(evened.means()[2]).isEqualTo(seen.means()[2] / 10);
    assertThat(channels.outliers()).as("only the channel of 40").isOne();
  }

  @Test
  void noDivisorIsBeyondReason() {
    Channels channels = Channels.evened(seen(1e-40f, 1e-40f, 1e-40f, 1e-40f, 1e-40f, 1e38f));
    assertThat(channels.divisors()).containsExactly(0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 1);
    assertThat(Channels.evened(seen(0, 0, 0)).divisors()).containsOnly(1);
  }

  /** Heads that were pruned do not decide what the others are compared with. */
  @Test
  void channelsThatAreNearlyZeroAreNotTheMeasureOfTheOthers() {
    for (float dead : new float[] {0, 1e-8f, 1e-3f}) {
      Channels channels = Channels.evened(seen(dead, 400, dead, 4, dead, dead, dead, 4, 4));
      assertThat(channels.divisors()[1]).isEqualTo(10);
      assertThat(channels.divisors()[3]).isEqualTo(1);
      assertThat(channels.outliers()).isOne();
    }
  }

  /** The law that makes any layout right. */
  @Test
  void twoMatricesComputeWhatTheyComputedBefore() {
    InputStatistics seen = seen(4, 4, 400, 4, 1, 0);
    for (Channels channels :
        new Channels[] {
          Channels.same(CHANNELS), Channels.evened(seen), Channels.extremesFirst(seen, 2)
        }) {
      float[] input = gaussians(IN);
      float[] expected = product(second, sum(product(first, input), bias));
      float[] found =
          product(
              channels.taken(second),
              sum(product(channels.given(first), input), channels.given(bias)));
      for (int o = 0; o < OUT; o++) {
        assertThat(found[o]).isCloseTo(expected[o], within(1e-5f));
      }
    }
  }

  /** {@code [out, in]} times {@code [in]}. */
  private static float[] product(float[] matrix, float[] input) {
    float[] product = new float[matrix.length / input.length];
    for (int i = 0; i < matrix.length; i++) {
      product[i / input.length] += matrix[i] * input[i % input.length];
    }
    return product;
  }

  private static float[] sum(float[] values, float[] more) {
    for (int i = 0; i < values.length; i++) {
      values[i] += more[i];
    }
    return values;
  }

  private static InputStatistics seen(float... extremes) {
    InputStatistics seen = new InputStatistics(extremes.length);
    float[] least = new float[extremes.length];
    for (int i = 0; i < extremes.length; i++) {
      least[i] = -extremes[i];
    }
    seen.add(least, extremes, extremes, 2);
    return seen;
  }

  private float[] gaussians(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
