package org.sparkgbert.cluster;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** The distance of a vector from the centroid of its cluster. */
final class ToCentroid implements UDF2<Vector, Integer, Double> {
  private static final long serialVersionUID = 1L;

  private final Vector[] centroids;
  private final Distance distance;

  private ToCentroid(Vector[] centroids, Distance distance) {
    this.centroids = centroids;
    this.distance = distance;
  }

  /** Distance to the centroid. */
  static Column distance(CentroidModel model, Distance distance) {
    return functions
        .udf(new ToCentroid(model.centroids(), distance), DataTypes.DoubleType)
        .apply(functions.col(model.featuresColumn()), functions.col("cluster"));
  }

  /** Cosine similarity to the centroid. */
  static Column similarity(CentroidModel model) {
    return functions.lit(1.0).minus(distance(model, Distance.COSINE));
  }

  @Override
  public Double call(Vector vector, Integer cluster) {
    return distance.between(vector, centroids[cluster]);
  }
}
