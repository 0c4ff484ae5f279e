package org.sparkgbert.search;

import java.nio.FloatBuffer;
import org.sparkgbert.vector.ProductRanking;

/**
 * A block's vectors in float32.
 *
 * @param matrix {@code [rows, dimension]}, divided
 */
record DividedBlock(VectorBlock block, double[] divisors, FloatBuffer matrix)
    implements MatrixBlock {
  static DividedBlock of(VectorBlock block, ProductRanking ranking, Workspace workspace) {
    double[] divisors = block.divisors(ranking);
    FloatBuffer matrix = workspace.columns(block.rows() * block.dimension());
    block.putDivided(0, block.rows(), divisors, matrix);
    return new DividedBlock(block, divisors, matrix);
  }
}
