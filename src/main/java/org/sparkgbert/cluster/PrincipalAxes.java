package org.sparkgbert.cluster;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.DenseVector;
import org.netlib.util.intW;

/**
 * Principal components of vectors in memory: those of MLlib's PCA, up to their sign, from the
 * eigenvectors of the covariance matrix. The value of an axis that is farthest from 0 is positive.
 *
 * <p><b>Repeatable:</b> to the last bit; LAPACK is the one in Java on every machine.
 *
 * @param axes {@code [axes, dimension]}, of unit length, by falling variance
 * @param explained the share of the variance along each axis, {@code [axes]}; 0 if the vectors do
 *     not vary
 */
record PrincipalAxes(double[][] axes, double[] explained) {

  /**
   * Computes them.
   *
   * @param axes how many, from 1 to the dimension
   * @throws IllegalStateException if LAPACK fails
   */
  static PrincipalAxes of(Points points, int axes) {
    int dimension = points.dimension();
    double[] covariance = covariance(points);
    double variance = 0;
    for (int d = 0; d < dimension; d++) {
      variance += covariance[d * dimension + d];
    }
    double[] values = new double[dimension];
    double[] vectors = new double[dimension * axes];
    eigen(covariance, dimension, axes, values, vectors);
    double[][] found = new double[axes][dimension];
    double[] explained = new double[axes];
    for (int axis = 0; axis < axes; axis++) {
      int last = axes - 1 - axis;
      System.arraycopy(vectors, last * dimension, found[axis], 0, dimension);
      turn(found[axis]);
      explained[axis] = variance == 0 ? 0 : Math.max(0, values[last]) / variance;
    }
    return new PrincipalAxes(found, explained);
  }

  /** {@code [dimension, dimension]}, symmetric; zero for fewer than two vectors. */
  private static double[] covariance(Points points) {
    int dimension = points.dimension();
    double[] covariance = new double[dimension * dimension];
    if (points.rows() < 2) {
      return covariance;
    }
    Points centered = points.minus(points.mean());
    for (int one = 0; one < dimension; one++) {
      for (int other = 0; other <= one; other++) {
        double product = centered.product(one, other) / (points.rows() - 1);
        covariance[one * dimension + other] = product;
        covariance[other * dimension + one] = product;
      }
    }
    return covariance;
  }

  /**
   * The largest eigenvalues and their vectors, by rising value.
   *
   * @param matrix is overwritten
   */
  private static void eigen(double[] matrix, int n, int most, double[] values, double[] vectors) {
    int[] failed = new int[n];
    intW info = new intW(0);
    double[] work = new double[8 * n];
    JavaLAPACK.getInstance()
        .dsyevx(
            "V",
            "I",
            "U",
            n,
            matrix,
            n,
            0,
            0,
            n - most + 1,
            n,
            0,
            new intW(0),
            values,
            vectors,
            n,
            work,
            work.length,
            new int[5 * n],
            failed,
            info);
    if (info.val != 0) {
      throw new IllegalStateException(
          "Cannot compute principal components: LAPACK's dsyevx ended with %d".formatted(info.val));
    }
  }

  private static void turn(double[] axis) {
    double farthest = 0;
    for (double value : axis) {
      farthest = Math.abs(value) > Math.abs(farthest) ? value : farthest;
    }
    for (int d = 0; d < axis.length && farthest < 0; d++) {
      axis[d] = -axis[d];
    }
  }

  /** As MLlib's model, without names of columns. */
  PCAModel model() {
    int dimension = axes[0].length;
    double[] columns = new double[axes.length * dimension];
    for (int axis = 0; axis < axes.length; axis++) {
      System.arraycopy(axes[axis], 0, columns, axis * dimension, dimension);
    }
    PCAModel model =
        new PCAModel(
            "pca_" + axes.length,
            new DenseMatrix(dimension, axes.length, columns),
            new DenseVector(explained));
    model.set(model.k(), axes.length);
    return model;
  }

  /** The coordinate of a vector on an axis, without centering. */
  double on(int axis, double[] vector) {
    double sum = 0;
    for (int d = 0; d < vector.length; d++) {
      sum += axes[axis][d] * vector[d];
    }
    return sum;
  }
}
