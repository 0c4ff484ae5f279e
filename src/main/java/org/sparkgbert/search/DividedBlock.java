package org.sparkgbert.search;

import java.nio.FloatBuffer;
import org.sparkgbert.vector.ProductRanking;

/**
 * A block's vectors as a matrix that others are multiplied with, in a workspace's memory until that
 * holds the next one.
 *
 * @param block the block
 * @param divisors what its vectors are divided by, so that none is longer than 1: their lengths, or
 *     for {@link ProductRanking#PRODUCTS} the longest one's
 * @param matrix {@code [rows, dimension]}
 */
record DividedBlock(VectorBlock block, double[] divisors, FloatBuffer matrix) {
  static DividedBlock of(VectorBlock block, ProductRanking ranking, Workspace workspace) {
    double[] divisors = ranking == ProductRanking.DIRECTIONS ? block.lengths() : block.longest();
    FloatBuffer matrix = workspace.columns(block.rows() * block.dimension());
    block.putDivided(0, block.rows(), divisors, matrix);
    return new DividedBlock(block, divisors, matrix);
  }
}
