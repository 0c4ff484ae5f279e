package org.sparkgbert.comparison;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Seconds of contenders that encode the same sentences in turns. */
final class Turns {
  private final double[][] seconds;

  /**
   * Measures them. All take their turn in each round, another one first in each.
   *
   * @param rest milliseconds before each turn
   */
  Turns(List<Contender> contenders, List<String> sentences, int rounds, int rest) {
    this.seconds = new double[contenders.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < seconds.length; i++) {
        int turn = (i + round) % seconds.length;
        sleep(rest);
        seconds[turn][round] = contenders.get(turn).seconds(sentences);
      }
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot measure: interrupted", e);
    }
  }

  /** The median of a contender's seconds. */
  String seconds(int contender) {
    return String.format(Locale.ROOT, "%.3f", median(sorted(seconds[contender])));
  }

  /** How many times longer a contender takes than another one: median, lowest and highest. */
  String ratio(int contender, int other) {
    double[] ratios = new double[seconds[contender].length];
    Arrays.setAll(ratios, round -> seconds[contender][round] / seconds[other][round]);
    double[] sorted = sorted(ratios);
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", median(sorted), sorted[0], sorted[sorted.length - 1]);
  }

  private static double median(double[] sorted) {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
