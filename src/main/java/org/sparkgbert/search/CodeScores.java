package org.sparkgbert.search;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.sparkgbert.onnx.CodeProduct;

/**
 * Scores of codes: products of bytes, in a third or a quarter of the time of float32.
 *
 * <p>With x a row and y a row of the block, both divided, m the block's mean and r = y - m, the
 * score is x * m + x * r. The first is computed in double precision; of the second, with x' and r'
 * what their codes stand for, x' * r' is off by at most |x| |r - r'| + |x - x'| |r'|. Both
 * distances are measured when codes are made.
 */
final class CodeScores implements ApproximateScores {
  /**
   * For the rounding of single elements and of products to floats: each at most a few times 2^-24,
   * since no vector here is longer than 2.
   */
  private static final double ROUNDING = 0x1p-18;

  private final CodeProduct product;
  private final VectorBlock block;
  private final Slice slice;
  private final ByteBuffer codes;
  private final double[] scales;
  private final double[] errors;
  private final double[] offsets;
  private double errorOfColumns;
  private double reachOfColumns;

  /**
   * @param index which rows these are of those that share the workspace
   */
  CodeScores(ComparedRows rows, int index, CodeProduct product, Workspace workspace) {
    this.product = product;
    this.block = rows.block();
    this.slice = rows.slice();
    this.codes = workspace.rowCodes(index, slice.rows() * block.dimension());
    this.scales = new double[slice.rows()];
    this.errors = new double[slice.rows()];
    this.offsets = new double[slice.rows()];
    Coder coder = new Coder(block.dimension(), CodeProduct.MOST_OF_ROWS, CodeProduct.ZERO_OF_ROWS);
    float[] divided = new float[block.dimension()];
    for (int row = 0; row < slice.rows(); row++) {
      block.divide(slice.from() + row, block.length(slice.from() + row), divided);
      coder.code(divided);
      codes.put(coder.codes());
      scales[row] = coder.scale();
      errors[row] = coder.error();
    }
    codes.flip();
  }

  @Override
  public void multiply(MatrixBlock columns, Slice some, FloatBuffer products) {
    CodedBlock coded = (CodedBlock) columns;
    int dimension = block.dimension();
    ByteBuffer rows = codes.slice(some.from() * dimension, some.rows() * dimension);
    product.multiply(rows, coded.codes(), coded.scales(), dimension, products);
    errorOfColumns = coded.error();
    reachOfColumns = coded.reach();
    for (int row = some.from(); row < some.to(); row++) {
      int of = slice.from() + row;
      offsets[row] = block.product(of, coded.mean()) / block.length(of);
    }
  }

  @Override
  public double offset(int row) {
    return offsets[row];
  }

  @Override
  public double scale(int row) {
    return scales[row];
  }

  @Override
  public double allowance(int row) {
    return errorOfColumns + errors[row] * reachOfColumns + ROUNDING;
  }
}
