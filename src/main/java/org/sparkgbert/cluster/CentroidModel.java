package org.sparkgbert.cluster;

import java.util.Arrays;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;

/**
 * A clustering made by MLlib.
 *
 * @param stage the model
 * @param featuresColumn the column that it reads
 * @param centroids one per cluster; owned
 */
record CentroidModel(Transformer stage, String featuresColumn, Vector[] centroids) {

  /**
   * @throws IllegalArgumentException if the stage is not a model that assigns clusters, or if a
   *     centroid has no direction
   */
  static CentroidModel of(Transformer stage) {
    CentroidModel model;
    if (stage instanceof KMeansModel kMeans) {
      model = new CentroidModel(kMeans, kMeans.getFeaturesCol(), kMeans.clusterCenters());
    } else if (stage instanceof BisectingKMeansModel bisecting) {
      model = new CentroidModel(bisecting, bisecting.getFeaturesCol(), bisecting.clusterCenters());
    } else {
      throw new IllegalArgumentException(
          "Cannot use cluster model: its last stage must be KMeansModel or BisectingKMeansModel,"
              + " found "
              + stage.getClass().getSimpleName());
    }
    model.requireFinite();
    return model;
  }

  /** The mean of opposite directions is zero, which cannot be scaled to unit length. */
  private void requireFinite() {
    for (Vector centroid : centroids) {
      if (!Arrays.stream(centroid.toArray()).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "Cannot cluster: the vectors of a cluster cancel each other out, so it has no"
                + " direction; choose another k or euclidean distance");
      }
    }
  }
}
