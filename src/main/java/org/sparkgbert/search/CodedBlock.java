package org.sparkgbert.search;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.sparkgbert.onnx.CodeProduct;
import org.sparkgbert.vector.ProductRanking;

/**
 * A block's vectors in a byte per element: a divided vector is about {@code mean + scale * code}.
 * What vectors have in common, such as a large constant element, is in the mean and costs nothing.
 *
 * @param mean about that of the divided vectors, {@code [dimension]}
 * @param codes {@code [rows, dimension]}
 * @param scales {@code [rows]}
 * @param error an upper bound of the Euclidean distance of a divided vector and what its code
 *     stands for, of all rows, but for the rounding of single elements
 * @param reach an upper bound of the length of {@code scale * code}, of all rows
 */
record CodedBlock(
    VectorBlock block,
    double[] divisors,
    float[] mean,
    ByteBuffer codes,
    FloatBuffer scales,
    double error,
    double reach)
    implements MatrixBlock {
  /** Rows that the mean is taken of, at most. */
  private static final int SAMPLE = 64;

  static CodedBlock of(VectorBlock block, ProductRanking ranking, Workspace workspace) {
    double[] divisors = block.divisors(ranking);
    int dimension = block.dimension();
    float[] mean = mean(block, divisors);
    ByteBuffer codes = workspace.columnCodes(block.rows() * dimension);
    FloatBuffer scales = workspace.columnScales(block.rows());
    Coder coder = new Coder(dimension, CodeProduct.MOST_OF_COLUMNS, 0);
    float[] divided = new float[dimension];
    double error = 0;
    double reach = 0;
    for (int row = 0; row < block.rows(); row++) {
      block.divide(row, divisors[row], divided);
      for (int i = 0; i < dimension; i++) {
        divided[i] -= mean[i];
      }
      coder.code(divided);
      codes.put(coder.codes());
      scales.put(coder.scale());
      error = Math.max(error, coder.error());
      reach = Math.max(reach, coder.reach());
    }
    return new CodedBlock(block, divisors, mean, codes.flip(), scales.flip(), error, reach);
  }

  private static float[] mean(VectorBlock block, double[] divisors) {
    int step = (block.rows() + SAMPLE - 1) / SAMPLE;
    float[] mean = new float[block.dimension()];
    float[] divided = new float[block.dimension()];
    int rows = 0;
    for (int row = 0; row < block.rows(); row += step) {
      block.divide(row, divisors[row], divided);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += divided[i];
      }
      rows++;
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= rows;
    }
    return mean;
  }
}
