package org.sparkgbert.search;

import java.nio.FloatBuffer;

/**
 * Approximate scores of some rows and those of a block of the corpus, and how far they can be off.
 * Scores are those of vectors divided by their lengths, so from -1 to 1, or products divided by the
 * row's length and the longest one's of the block: {@code offset(row) + scale(row) * product},
 * which is off by {@code allowance(row)} at most.
 *
 * <p><b>Threads:</b> for one thread.
 */
sealed interface ApproximateScores permits FloatScores, CodeScores {
  /**
   * Multiplies some of the rows with a block. Their offsets and allowances are of this block until
   * the next.
   *
   * @param columns in the form that these scores are made of
   * @param some which of the rows
   * @param products receives {@code [some of the rows, rows of the block]}
   */
  void multiply(MatrixBlock columns, Slice some, FloatBuffer products);

  /** What is added to a row's products. */
  double offset(int row);

  /** What a row's products are multiplied by, at least 0. */
  double scale(int row);

  /** An upper bound of the error of a row's scores, the rounding of its own limit left out. */
  double allowance(int row);

  /** The lowest product of a row whose score may be as high as this. */
  default float limit(int row, double score) {
    return lower((score - offset(row) - allowance(row)) / scale(row));
  }

  /** The lowest product of a row whose score may be as high as that of another product of it. */
  default float limitBeside(int row, float product) {
    return lower(product - 2 * allowance(row) / scale(row));
  }

  private static float lower(double limit) {
    // Without a scale, and without a difference, nothing can be told apart.
    return Double.isNaN(limit) ? Float.NEGATIVE_INFINITY : Math.nextDown((float) limit);
  }
}
