package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.lang3.concurrent.ConcurrentUtils;
import org.apache.spark.ml.clustering.BisectingKMeans;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.sparkgbert.action.Amount;

/** Runs MLlib's algorithms with one k. */
final class KMeansFit {
  private static final String CLUSTER = "cluster";

  private final ClusteringSettings settings;
  private final Runnable progress;

  /**
   * @param progress is told about each run that is done
   */
  KMeansFit(ClusteringSettings settings, Runnable progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * A run's result.
   *
   * @param cost sum of squared distances to the centroids, as the last iteration found them
   */
  record Run(CentroidModel model, double cost) {}

  /**
   * @throws IllegalArgumentException if there are fewer distinct vectors than k
   */
  static void requireDistinct(int k, long distinct) {
    if (distinct < k) {
      throw new IllegalArgumentException(
          "Cannot cluster: k = %d but there are only %s"
              .formatted(k, Amount.of(distinct, "distinct vector")));
    }
  }

  /** The run with the lowest cost; in a tie, the first. */
  Run best(VectorLayout vectors, int k) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    int restarts = settings.restarts(vectors.rows());
    List<Callable<Run>> runs = new ArrayList<>();
    for (int i = 0; i < restarts; i++) {
      long seed = i == 0 ? settings.seed() : random.nextLong();
      runs.add(() -> run(vectors, k, seed));
    }
    return all(runs, atOnce(vectors, restarts)).stream()
        .min(Comparator.comparingDouble(Run::cost))
        .orElseThrow();
  }

  /** A step over few vectors keeps only a few cores busy, so other runs use the rest. */
  private static int atOnce(VectorLayout vectors, int restarts) {
    int cores = vectors.dataset().sparkSession().sparkContext().defaultParallelism();
    return Math.max(1, Math.min(restarts, cores / vectors.partitions()));
  }

  private static List<Run> all(List<Callable<Run>> runs, int atOnce) {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      List<Run> results = new ArrayList<>();
      for (Future<Run> run : threads.invokeAll(runs)) {
        results.add(run.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw ConcurrentUtils.extractCauseUnchecked(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot cluster: interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Run run(VectorLayout vectors, int k, long seed) {
    Run run =
        switch (settings.algorithm()) {
          case KMEANS -> kMeans(vectors, k, seed);
          case BISECTING -> bisecting(vectors, k, seed);
        };
    progress.run();
    return run;
  }

  /** With the row solver: the block solver breaks if k-means|| finds fewer than k centroids. */
  private Run kMeans(VectorLayout vectors, int k, long seed) {
    KMeansModel model =
        new KMeans()
            .setFeaturesCol(vectors.column())
            .setPredictionCol(CLUSTER)
            .setDistanceMeasure(settings.distance().measure())
            .setK(k)
            .setSeed(seed)
            .setMaxIter(settings.maxIterations())
            .setTol(settings.distance().mllibTolerance(settings.tolerance()))
            .setInitSteps(settings.initSteps())
            .setSolver("row")
            .fit(vectors.dataset());
    return new Run(CentroidModel.of(model), squared(model.summary().trainingCost()));
  }

  private Run bisecting(VectorLayout vectors, int k, long seed) {
    BisectingKMeansModel model =
        new BisectingKMeans()
            .setFeaturesCol(vectors.column())
            .setPredictionCol(CLUSTER)
            .setDistanceMeasure(settings.distance().measure())
            .setK(k)
            .setSeed(seed)
            .setMaxIter(settings.maxIterations())
            .fit(vectors.dataset());
    return new Run(CentroidModel.of(model), squared(model.summary().trainingCost()));
  }

  private double squared(double cost) {
    return settings.distance().squared(cost);
  }
}
