package org.sparkgbert.cluster;

import java.util.OptionalDouble;
import org.apache.spark.ml.evaluation.ClusteringEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Silhouettes computed by MLlib, with cosine distance or squared Euclidean distance. */
final class Silhouette {
  private Silhouette() {}

  /**
   * The mean silhouette, from -1 to 1; empty if all vectors are in one cluster. Source: Rousseeuw,
   * 1987
   */
  static OptionalDouble of(CentroidModel model, VectorLayout vectors) {
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
}
