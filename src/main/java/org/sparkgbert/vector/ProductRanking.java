package org.sparkgbert.vector;

/**
 * How scores follow from dot products, so that a product of matrices ranks whole blocks of vectors.
 */
public enum ProductRanking {
  /** A score is the dot product of directions: of vectors divided by their lengths. */
  DIRECTIONS {
    @Override
    public double score(double product, double leftSquares, double rightSquares) {
      // The root of the product, not the product of roots: so equal vectors give exactly 1.
      return product / Math.sqrt(leftSquares * rightSquares);
    }
  },

  /** A score is the dot product itself. */
  PRODUCTS {
    @Override
    public double score(double product, double leftSquares, double rightSquares) {
      return product;
    }
  };

  /**
   * The score of two vectors.
   *
   * @param product their dot product
   * @param leftSquares dot product of the first with itself; positive for {@link #DIRECTIONS}
   * @param rightSquares the same for the second
   */
  public abstract double score(double product, double leftSquares, double rightSquares);
}
