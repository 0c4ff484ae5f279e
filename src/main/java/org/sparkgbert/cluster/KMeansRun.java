package org.sparkgbert.cluster;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;

/**
 * A run's result.
 *
 * @param centroids {@code [k, dimension]}, fewer if there are fewer distinct vectors; of unit
 *     length with {@link Distance#COSINE}, NaN where the vectors of a cluster cancel each other out
 * @param cost sum of squared Euclidean distances to the centroids, as the last iteration found
 *     them; infinite if a centroid is NaN
 * @param iterations number of iterations
 */
record KMeansRun(double[][] centroids, double cost, int iterations) {
  /** The run with the lowest cost; in a tie, the first. */
  static KMeansRun lowest(Stream<KMeansRun> runs) {
    return runs.min(Comparator.comparingDouble(KMeansRun::cost)).orElseThrow();
  }

  /** As MLlib's model, without names of columns. */
  KMeansModel model(ClusteringSettings settings, int k, long seed) {
    Vector[] centers = Arrays.stream(centroids).map(Vectors::dense).toArray(Vector[]::new);
    String measure = settings.distance().measure();
    KMeansModel model =
        new KMeansModel(
            "kmeans_" + Long.toHexString(seed),
            new org.apache.spark.mllib.clustering.KMeansModel(centers, measure, cost, iterations));
    model.set(model.k(), k);
    model.set(model.distanceMeasure(), measure);
    model.set(model.seed(), seed);
    model.set(model.maxIter(), settings.maxIterations());
    model.set(model.tol(), settings.distance().mllibTolerance(settings.tolerance()));
    return model;
  }
}
