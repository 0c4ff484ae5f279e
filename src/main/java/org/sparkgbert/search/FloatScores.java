package org.sparkgbert.search;

import java.nio.FloatBuffer;
import org.sparkgbert.onnx.BlockProduct;

/** Scores in float32. */
final class FloatScores implements ApproximateScores {
  private final BlockProduct product;
  private final FloatBuffer matrix;
  private final int dimension;
  private final double allowance;

  /**
   * @param index which rows these are of those that share the workspace
   */
  FloatScores(ComparedRows rows, int index, BlockProduct product, Workspace workspace) {
    VectorBlock block = rows.block();
    Slice slice = rows.slice();
    this.product = product;
    this.dimension = block.dimension();
    this.allowance = bound(dimension);
    this.matrix = workspace.rows(index, slice.rows() * dimension);
    block.putDivided(slice.from(), slice.to(), block.lengths(), matrix);
  }

  /**
   * An upper bound of the error of a float32 score of vectors no longer than 1.
   *
   * <p>With u = 2^-24 the rounding of both vectors adds 4u at most, and a sum of d products, in any
   * order, d * u / (1 - d * u). Twice that is allowed, which covers underflow and the rounding of
   * doubles too.
   *
   * <p><b>Source:</b> Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1.
   */
  private static double bound(int dimension) {
    double sum = dimension * 0x1p-24;
    return sum < 0.5 ? 2 * (sum / (1 - sum) + 0x1p-22) : Double.POSITIVE_INFINITY;
  }

  @Override
  public void multiply(MatrixBlock columns, Slice some, FloatBuffer products) {
    FloatBuffer rows = matrix.slice(some.from() * dimension, some.rows() * dimension);
    product.multiply(rows, ((DividedBlock) columns).matrix(), dimension, products);
  }

  @Override
  public double offset(int row) {
    return 0;
  }

  @Override
  public double scale(int row) {
    return 1;
  }

  @Override
  public double allowance(int row) {
    return allowance;
  }
}
