package org.sparkgbert.cluster;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/** The distance between vectors; the constants hold MLlib's names. */
public enum Distance {
  /**
   * 1 minus cosine similarity, from 0 to 2: directions count, lengths do not. With it, k-means is
   * spherical: a centroid is the mean of its rows' directions, scaled to unit length again. Source:
   * Dhillon and Modha, 2001
   */
  COSINE("cosine", "cosine"),

  /** Euclidean distance. */
  EUCLIDEAN("euclidean", "squaredEuclidean");

  private final String measure;
  private final String evaluated;

  Distance(String measure, String evaluated) {
    this.measure = measure;
    this.evaluated = evaluated;
  }

  /** {@code cosine} or {@code euclidean}, as in MLlib's KMeans. */
  String measure() {
    return measure;
  }

  /** The value of {@code distanceMeasure} of MLlib's ClusteringEvaluator. */
  String evaluated() {
    return evaluated;
  }

  /** The distance between two vectors of the same dimension. */
  double between(Vector a, Vector b) {
    return switch (this) {
      case COSINE -> 1 - cosineSimilarity(a, b);
      case EUCLIDEAN -> Math.sqrt(Vectors.sqdist(a, b));
    };
  }

  /**
   * MLlib's tolerance for centroids that move less than a Euclidean distance; for cosine, the
   * centroids have unit length, and their cosine distance is half the square of the Euclidean one.
   */
  double mllibTolerance(double tolerance) {
    return switch (this) {
      case COSINE -> tolerance * tolerance / 2;
      case EUCLIDEAN -> tolerance;
    };
  }

  /** The squared Euclidean distance of vectors this far apart; for cosine, of unit-length ones. */
  double squaredAt(double distance) {
    return switch (this) {
      case COSINE -> 2 * distance;
      case EUCLIDEAN -> distance * distance;
    };
  }

  /** MLlib's cost as a sum of squared Euclidean distances; for cosine, of unit-length vectors. */
  double squared(double mllibCost) {
    return switch (this) {
      case COSINE -> 2 * mllibCost;
      case EUCLIDEAN -> mllibCost;
    };
  }

  /** Cosine similarity, from -1 to 1; 0 if a vector is zero. */
  static double cosineSimilarity(Vector a, Vector b) {
    double lengths = Vectors.norm(a, 2) * Vectors.norm(b, 2);
    return lengths == 0 ? 0 : Math.max(-1, Math.min(1, a.dot(b) / lengths));
  }
}
