package org.sparkgbert.sts;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Resamples pairs with replacement, to see how far Spearman's rank correlation with gold scores
 * would differ had other pairs been drawn.
 *
 * <p>A resample is a function of the seed and its number, so it is the same wherever it runs. It
 * takes time linear in the count of pairs: ranks come from counts of draws, not from sorting.
 *
 * <p><b>Threads:</b> safe.
 *
 * <p>Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
 */
public final class SpearmanBootstrap {
  private static final double TAIL = 0.025;

  private final TieGroups gold;
  private final List<TieGroups> columns;
  private final long seed;

  SpearmanBootstrap(TieGroups gold, List<TieGroups> columns, long seed) {
    this.gold = gold;
    this.columns = columns;
    this.seed = seed;
  }

  /** The one whose {@link #groups} and seed these are. */
  static SpearmanBootstrap of(int[][] groups, long seed) {
    List<TieGroups> columns = Arrays.stream(groups).map(TieGroups::ofGroups).toList();
    return new SpearmanBootstrap(columns.get(0), columns.subList(1, columns.size()), seed);
  }

  /** For gold scores, then for each column, the group of each pair; not copies. */
  int[][] groups() {
    return Stream.concat(Stream.of(gold), columns.stream())
        .map(TieGroups::groupOf)
        .toArray(int[][]::new);
  }

  long seed() {
    return seed;
  }

  /**
   * An interval of correlations.
   *
   * @param low its lower end, at least -1
   * @param high its upper end, at most 1
   */
  public record Interval(double low, double high) {}

  /**
   * The 95 % interval of Spearman's rank correlation by the percentile method. Resamples in which a
   * column is constant do not count.
   *
   * @return empty if no resample counts
   * @throws IllegalArgumentException if the columns differ in length or a value is not finite
   */
  public static Optional<Interval> interval(double[] x, double[] y, int resamples, long seed) {
    Correlation.requirePairs(x, y);
    SpearmanBootstrap bootstrap =
        new SpearmanBootstrap(TieGroups.of(x), List.of(TieGroups.of(y)), seed);
    return interval(Arrays.stream(bootstrap.resamples(resamples)).mapToDouble(found -> found[0]));
  }

  /** The interval of what resamples found; NaN does not count. */
  static Optional<Interval> interval(DoubleStream found) {
    double[] sorted = found.filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return Optional.empty();
    }
    return Optional.of(new Interval(Quantiles.at(sorted, TAIL), Quantiles.at(sorted, 1 - TAIL)));
  }

  /** All resamples, on the threads of this JVM: {@code [resamples, columns]}. */
  double[][] resamples(int count) {
    return IntStream.range(0, count).parallel().mapToObj(this::resample).toArray(double[][]::new);
  }

  /** For each column its correlation in one resample; NaN if it or the gold column is constant. */
  double[] resample(int number) {
    int[] draws = draws(number);
    CentredRanks goldRanks = CentredRanks.of(gold, draws);
    return columns.stream()
        .mapToDouble(column -> goldRanks.correlation(CentredRanks.of(column, draws), draws))
        .toArray();
  }

  /** For each pair, how often a resample draws it. */
  int[] draws(int number) {
    // Seeds that differ by a multiple of its step give this generator overlapping sequences.
    long scattered = new SplittableRandom(number).nextLong();
    SplittableRandom random = new SplittableRandom(seed ^ scattered);
    int pairs = gold.groupOf().length;
    int[] draws = new int[pairs];
    for (int draw = 0; draw < pairs; draw++) {
      draws[random.nextInt(pairs)]++;
    }
    return draws;
  }

  /**
   * Ranks of a column's groups in a resample, less their mean.
   *
   * @param groupOf for each pair, its group
   * @param ranks for each group, its rank
   * @param squares sum of squares over all draws; 0 if the column is constant
   */
  private record CentredRanks(int[] groupOf, double[] ranks, double squares) {

    static CentredRanks of(TieGroups groups, int[] draws) {
      int[] weights = groups.weights(draws);
      double[] ranks = TieGroups.averageRanks(weights);
      double mean = (draws.length + 1) / 2.0;
      double squares = 0;
      for (int group = 0; group < ranks.length; group++) {
        ranks[group] -= mean;
        squares += weights[group] * ranks[group] * ranks[group];
      }
      return new CentredRanks(groups.groupOf(), ranks, squares);
    }

    double correlation(CentredRanks other, int[] draws) {
      double products = 0;
      for (int pair = 0; pair < draws.length; pair++) {
        products += draws[pair] * ranks[groupOf[pair]] * other.ranks[other.groupOf[pair]];
      }
      return squares == 0 || other.squares == 0
          ? Double.NaN
          : Correlation.cosine(products, squares, other.squares);
    }
  }
}
