package org.sparkgbert.sts;

import java.util.Arrays;
import java.util.List;

/**
 * The pairs of a column in groups of equal values.
 *
 * @param groupOf for each pair, its group, numbered from the lowest value up. Owned, not copied.
 * @param count how many groups there are
 */
record TieGroups(int[] groupOf, int count) {

  /** Groups finite values; zeros of both signs are equal. */
  static TieGroups of(double[] values) {
    double[] distinct = Arrays.stream(values).map(TieGroups::unsigned).sorted().toArray();
    int count = moveDistinctToStart(distinct);
    int[] groupOf = new int[values.length];
    Arrays.setAll(
        groupOf, i -> Arrays.binarySearch(distinct, 0, count, TieGroups.unsigned(values[i])));
    return new TieGroups(groupOf, count);
  }

  /**
   * @param groupOf for each pair, its group, numbered without gaps
   */
  static TieGroups ofGroups(int[] groupOf) {
    return new TieGroups(groupOf, 1 + Arrays.stream(groupOf).max().orElse(-1));
  }

  /** The value, a negative zero made positive. */
  static double unsigned(double value) {
    return value + 0.0;
  }

  private static int moveDistinctToStart(double[] sorted) {
    int count = 0;
    for (double value : sorted) {
      if (count == 0 || value != sorted[count - 1]) {
        sorted[count++] = value;
      }
    }
    return count;
  }

  /** For each pair, the average of the ranks that its group takes, from 1. */
  double[] averageRanks() {
    int[] once = new int[groupOf.length];
    Arrays.fill(once, 1);
    double[] rankOfGroup = averageRanks(weights(once));
    return Arrays.stream(groupOf).mapToDouble(group -> rankOfGroup[group]).toArray();
  }

  /** For each group, how often its pairs count together. */
  int[] weights(int[] weightOfPair) {
    int[] weights = new int[count];
    for (int pair = 0; pair < groupOf.length; pair++) {
      weights[groupOf[pair]] += weightOfPair[pair];
    }
    return weights;
  }

  /** For each group of such weights, the average of the ranks that it takes, from 1. */
  static double[] averageRanks(int[] weights) {
    double[] ranks = new double[weights.length];
    long before = 0;
    for (int group = 0; group < weights.length; group++) {
      ranks[group] = before + (weights[group] + 1) / 2.0;
      before += weights[group];
    }
    return ranks;
  }

  /** The pairs from low to high by the first column, equal ones by the next, and so on. */
  static int[] order(List<TieGroups> columns) {
    int[] order = new int[columns.get(0).groupOf.length];
    Arrays.setAll(order, pair -> pair);
    for (int column = columns.size() - 1; column >= 0; column--) {
      order = columns.get(column).sort(order);
    }
    return order;
  }

  /** Sorts pairs by counting; equal ones keep their order. */
  private int[] sort(int[] pairs) {
    int[] next = new int[count + 1];
    for (int pair : pairs) {
      next[groupOf[pair] + 1]++;
    }
    for (int group = 0; group < count; group++) {
      next[group + 1] += next[group];
    }
    int[] sorted = new int[pairs.length];
    for (int pair : pairs) {
      sorted[next[groupOf[pair]]++] = pair;
    }
    return sorted;
  }

  /** The same groups for pairs in another order. */
  TieGroups reorder(int[] order) {
    return new TieGroups(Arrays.stream(order).map(pair -> groupOf[pair]).toArray(), count);
  }
}
