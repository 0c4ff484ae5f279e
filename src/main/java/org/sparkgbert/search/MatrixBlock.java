package org.sparkgbert.search;

/**
 * A block of the corpus as a matrix that others are multiplied with, in a workspace's memory until
 * that holds the next one.
 */
sealed interface MatrixBlock permits DividedBlock, CodedBlock {
  /** The block. */
  VectorBlock block();

  /**
   * What the vectors of a block are divided by, so that none is longer than 1: their lengths, or
   * the longest one's if products are ranked.
   */
  double[] divisors();
}
