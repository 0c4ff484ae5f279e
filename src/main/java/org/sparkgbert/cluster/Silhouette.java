package org.sparkgbert.cluster;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.evaluation.ClusteringEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Silhouettes by cosine distance or squared Euclidean distance: of many vectors by MLlib, of few in
 * memory by the same formula.
 */
final class Silhouette {
  private Silhouette() {}

  /**
   * The mean silhouette, from -1 to 1; empty if all vectors are in one cluster. Source: Rousseeuw,
   * 1987
   */
  static OptionalDouble of(CentroidModel model, VectorLayout vectors) {
    return vectors instanceof LocalVectors local
        ? of(local.points(), clusters(model, local.points()), model.centroids().length)
        : ofMany(model, vectors);
  }

  private static OptionalDouble ofMany(CentroidModel model, VectorLayout vectors) {
    Dataset<Row> clustered =
        model.stage().transform(vectors.dataset()).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return clustered.select("cluster").distinct().count() < 2
          ? OptionalDouble.empty()
          : OptionalDouble.of(
              evaluator(model, vectors.embeddings().distance()).evaluate(clustered));
    } finally {
      clustered.unpersist();
    }
  }

  private static ClusteringEvaluator evaluator(CentroidModel model, Distance distance) {
    return new ClusteringEvaluator()
        .setFeaturesCol(model.featuresColumn())
        .setPredictionCol("cluster")
        .setDistanceMeasure(distance.evaluated());
  }

  /** The tree of bisecting k-means does not always lead to the nearest centroid. */
  private static int[] clusters(CentroidModel model, Points points) {
    int[] clusters = new int[points.rows()];
    if (model.stage() instanceof BisectingKMeansModel tree) {
      Arrays.setAll(clusters, row -> tree.predict(Vectors.dense(points.row(row))));
    } else {
      double[][] centroids =
          Arrays.stream(model.centroids()).map(Vector::toArray).toArray(double[][]::new);
      points.nearest(centroids, clusters, new double[points.rows()]);
    }
    return clusters;
  }

  /**
   * The mean squared distance of a vector to the rows of a cluster is that to their mean plus that
   * of the rows to their mean. Cosine distance is half the squared distance of vectors of unit
   * length, and the half cancels out.
   */
  static OptionalDouble of(Points points, int[] clusters, int k) {
    int[] sizes = new int[k];
    for (int cluster : clusters) {
      sizes[cluster]++;
    }
    if (Arrays.stream(sizes).filter(size -> size > 0).count() < 2) {
      return OptionalDouble.empty();
    }
    double[][] toRows = meanSquaredDistances(points, clusters, sizes);
    double sum = 0;
    for (int row = 0; row < clusters.length; row++) {
      sum += silhouette(toRows, row, clusters[row], sizes);
    }
    return OptionalDouble.of(sum / clusters.length);
  }

  /** Of each row to the rows of each cluster, {@code [k, rows]}; null for an empty cluster. */
  private static double[][] meanSquaredDistances(Points points, int[] clusters, int[] sizes) {
    double[][] sums = points.sums(clusters, sizes.length);
    double[][] distances = new double[sizes.length][];
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      if (sizes[cluster] > 0) {
        int size = sizes[cluster];
        double[] mean = Arrays.stream(sums[cluster]).map(sum -> sum / size).toArray();
        double[] toMean = points.squaredDistances(mean);
        double spread = 0;
        for (int row = 0; row < toMean.length; row++) {
          spread += clusters[row] == cluster ? toMean[row] : 0;
        }
        double within = spread / size;
        Arrays.setAll(toMean, row -> toMean[row] + within);
        distances[cluster] = toMean;
      }
    }
    return distances;
  }

  private static double silhouette(double[][] toRows, int row, int cluster, int[] sizes) {
    if (sizes[cluster] == 1) {
      return 0;
    }
    double own = toRows[cluster][row] * sizes[cluster] / (sizes[cluster] - 1);
    double other = Double.POSITIVE_INFINITY;
    for (int i = 0; i < sizes.length; i++) {
      if (i != cluster && sizes[i] > 0) {
        other = Math.min(other, toRows[i][row]);
      }
    }
    double larger = Math.max(own, other);
    return larger == 0 ? 0 : (other - own) / larger;
  }
}
