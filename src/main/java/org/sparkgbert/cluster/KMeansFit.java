package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.apache.spark.ml.clustering.BisectingKMeans;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.action.Amount;

/**
 * Finds clusters with one k: by k-means, of {@link LocalVectors} in the driver and of {@link
 * SparkVectors} in Spark, or by bisecting k-means of MLlib.
 */
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
          "Cannot cluster: k = %d, but found only %s"
              .formatted(k, Amount.of(distinct, "distinct vector")));
    }
  }

  /**
   * @throws IllegalArgumentException if the cost is not finite
   */
  static double requireFinite(double cost) {
    if (!Double.isFinite(cost)) {
      throw new IllegalArgumentException(
          "Cannot cluster: vectors are so long that the sum of their squared distances is not a"
              + " finite number; scale them down, or use cosine distance");
    }
    return cost;
  }

  /** The run with the lowest cost of so many; in a tie, the first. */
  Run best(VectorLayout vectors, int k, int restarts) {
    return switch (settings.algorithm()) {
      case KMEANS -> kMeans(vectors, k, restarts);
      case BISECTING -> bisecting(vectors, k, restarts);
    };
  }

  private Run kMeans(VectorLayout vectors, int k, int restarts) {
    KMeansRun best =
        vectors instanceof SparkVectors many
            ? KMeansRun.lowest(
                new SparkKMeans(many, settings).runs(k, seeds(restarts), progress).stream())
            : bestLocal((LocalVectors) vectors, k, restarts);
    KMeansModel model =
        best.model(settings, k, settings.seed())
            .setFeaturesCol(vectors.column())
            .setPredictionCol(CLUSTER);
    return new Run(CentroidModel.of(model), requireFinite(best.cost()));
  }

  /** Each core takes one run after the other. */
  private KMeansRun bestLocal(LocalVectors vectors, int k, int restarts) {
    LocalKMeans kMeans = new LocalKMeans(vectors.points(), settings);
    return lowest(
        restarts,
        Math.min(restarts, Runtime.getRuntime().availableProcessors()),
        seed -> kMeans.run(k, seed),
        KMeansRun::cost);
  }

  private Run bisecting(VectorLayout vectors, int k, int restarts) {
    Dataset<Row> rows = vectors.dataset();
    return lowest(
        restarts,
        atOnce(vectors, restarts),
        seed -> bisecting(rows, vectors.column(), k, seed),
        Run::cost);
  }

  private <T> T lowest(int restarts, int atOnce, LongFunction<T> run, ToDoubleFunction<T> cost) {
    try (AtOnce threads = new AtOnce(atOnce)) {
      List<Supplier<T>> runs = new ArrayList<>();
      for (long seed : seeds(restarts)) {
        runs.add(threads.begin(() -> counted(run.apply(seed))));
      }
      return runs.stream().map(Supplier::get).min(Comparator.comparingDouble(cost)).orElseThrow();
    }
  }

  private <T> T counted(T done) {
    progress.run();
    return done;
  }

  /** The first is that of the settings. */
  private long[] seeds(int restarts) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    return LongStream.range(0, restarts)
        .map(run -> run == 0 ? settings.seed() : random.nextLong())
        .toArray();
  }

  /** A step over few vectors keeps only a few cores busy, so other runs use the rest. */
  private static int atOnce(VectorLayout vectors, int restarts) {
    int cores = vectors.dataset().sparkSession().sparkContext().defaultParallelism();
    return Math.max(1, Math.min(restarts, cores / vectors.partitions()));
  }

  private Run bisecting(Dataset<Row> rows, String column, int k, long seed) {
    BisectingKMeansModel model =
        new BisectingKMeans()
            .setFeaturesCol(column)
            .setPredictionCol(CLUSTER)
            .setDistanceMeasure(settings.distance().measure())
            .setK(k)
            .setSeed(seed)
            .setMaxIter(settings.maxIterations())
            .fit(rows);
    return new Run(
        CentroidModel.of(model), settings.distance().squared(model.summary().trainingCost()));
  }
}
