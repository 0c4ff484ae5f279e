package org.sparkgbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which pairs a step sees: each epoch has all pairs once, in an order that follows from the seed
 * and the epoch's number alone. The last batch of an epoch may be smaller, and so may the last
 * step.
 *
 * <p><b>Threads:</b> for one thread; keeps the order of the last epoch asked for.
 */
final class DataOrder {
  private final int pairs;
  private final int batchSize;
  private final int accumulate;
  private final long seed;
  private long epoch = -1;
  private int[] order = new int[0];

  /**
   * @param pairs number of pairs, at least 1
   * @param recipe batch size, accumulation and seed
   */
  DataOrder(int pairs, Recipe recipe) {
    this.pairs = pairs;
    this.batchSize = recipe.batchSize();
    this.accumulate = recipe.accumulate();
    this.seed = recipe.seed();
  }

  /** Steps of an epoch. */
  long stepsPerEpoch() {
    long batches = (pairs + (long) batchSize - 1) / batchSize;
    return (batches + accumulate - 1) / accumulate;
  }

  /** How many epochs are over after a number of steps. */
  double epochs(long steps) {
    return (double) steps / stepsPerEpoch();
  }

  /**
   * The batches of a step, as indices of pairs.
   *
   * @param step number of the step, from 0
   */
  List<int[]> batches(long step) {
    shuffle(step / stepsPerEpoch());
    long first = step % stepsPerEpoch() * accumulate;
    List<int[]> batches = new ArrayList<>();
    for (long batch = first; batch < first + accumulate && batch * batchSize < pairs; batch++) {
      int from = Math.toIntExact(batch * batchSize);
      batches.add(Arrays.copyOfRange(order, from, (int) Math.min(pairs, (long) from + batchSize)));
    }
    return batches;
  }

  private void shuffle(long wanted) {
    if (wanted == epoch) {
      return;
    }
    epoch = wanted;
    order = new int[pairs];
    Arrays.setAll(order, i -> i);
    // Seeds of neighbouring epochs must not give similar orders, so the first number is a seed.
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(seed).nextLong() ^ (epoch * 0x9E3779B97F4A7C15L));
    for (int i = pairs - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }
}
