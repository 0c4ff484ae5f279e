package org.sparkgbert.cluster;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.spark.ml.clustering.BisectingKMeans;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;

/** Runs of MLlib's algorithms with one k. */
final class KMeansFit {
  private static final String CLUSTER = "cluster";

  private final ClusterSettings settings;

  KMeansFit(ClusterSettings settings) {
    this.settings = settings;
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
          "Cannot cluster: k = %d but there are only %d distinct vectors".formatted(k, distinct));
    }
  }

  /** The run of least cost. */
  Run best(VectorLayout vectors, int k) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    return LongStream.concat(
            LongStream.of(settings.seed()),
            LongStream.generate(random::nextLong).limit(settings.restarts() - 1L))
        .mapToObj(seed -> run(vectors, k, seed))
        .min(Comparator.comparingDouble(Run::cost))
        .orElseThrow();
  }

  private Run run(VectorLayout vectors, int k, long seed) {
    return switch (settings.algorithm()) {
      case KMEANS -> kMeans(vectors, k, seed);
      case BISECTING -> bisecting(vectors, k, seed);
    };
  }

  /**
   * With the solver by rows: that by blocks breaks where k-means|| finds fewer than k centroids.
   */
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
