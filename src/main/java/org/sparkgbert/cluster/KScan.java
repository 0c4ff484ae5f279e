package org.sparkgbert.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.sparkgbert.action.Amount;
import org.sparkgbert.action.Progress;

/**
 * The number of clusters, and how it was chosen.
 *
 * @param k the choice
 * @param scanned the values tried, by k
 * @param rows number of rows in the sample they were tried on; 0 if none was tried
 */
record KScan(int k, List<ScannedK> scanned, long rows) {

  /**
   * Tries the values of k on a sample.
   *
   * @param progress is told how many runs are done
   * @throws IllegalArgumentException if the sample has fewer distinct vectors than a requested k
   */
  static KScan of(VectorLayout vectors, ClusteringSettings settings, Progress progress) {
    KChoice choice = settings.k();
    if (choice instanceof KChoice.Fixed fixed) {
      return new KScan(fixed.k(), List.of(), 0);
    }
    return choice instanceof KChoice.BestOf some
        ? scan(vectors, settings, some.ks(), false, progress)
        : scan(vectors, settings, KChoice.Auto.LADDER, true, progress);
  }

  private static KScan scan(
      VectorLayout vectors,
      ClusteringSettings settings,
      List<Integer> ks,
      boolean skip,
      Progress progress) {
    try (VectorLayout sample = vectors.sample(settings.sampleRows(), settings.seed())) {
      long distinct = sample.distinct();
      List<Integer> tried =
          ks.stream().filter(k -> !skip || k <= distinct || k == KChoice.LEAST).toList();
      tried.forEach(k -> requireDistinct(k, distinct, vectors.rows(), sample.rows()));
      Runs runs = new Runs(progress, (long) tried.size() * settings.restartsPerK(sample.rows()));
      KMeansFit fit = new KMeansFit(settings, runs);
      List<ScannedK> scanned =
          tried.stream()
              .map(k -> one(fit.best(sample, k, settings.restartsPerK(sample.rows())), sample, k))
              .toList();
      return new KScan(best(scanned), scanned, sample.rows());
    }
  }

  private static void requireDistinct(int k, long distinct, long rows, long sampled) {
    if (sampled == rows) {
      KMeansFit.requireDistinct(k, distinct);
    } else if (distinct < k) {
      throw new IllegalArgumentException(
          "Cannot choose k: k = %d, but found only %s in a sample of %s; raise %s"
              .formatted(
                  k,
                  Amount.of(distinct, "distinct vector"),
                  Amount.of(sampled, "row"),
                  ClusterOptions.SAMPLE_ROWS.option()));
    }
  }

  private static ScannedK one(KMeansFit.Run run, VectorLayout sample, int k) {
    OptionalDouble silhouette = Silhouette.of(run.model(), sample);
    return new ScannedK(k, silhouette.orElse(-1), run.cost());
  }

  /** In a tie, the first, which has the smallest k. */
  private static int best(List<ScannedK> scanned) {
    return scanned.stream()
        .sorted(Comparator.comparingDouble(ScannedK::silhouette).reversed())
        .findFirst()
        .orElseThrow()
        .k();
  }
}
