package org.sparkgbert.convert.graph;

/**
 * How the products with the matrices of an encoder's layers are computed. Values go in and come out
 * as float32 {@code [rows, tokens, width]}.
 */
public interface Matrices {
  /** A product whose bias is still to be added. */
  String product(Matrix matrix, String input);

  /** What is to be added to a {@link #product}, after it was made; empty if nothing is. */
  String bias(Matrix matrix);

  /** A product with its bias. */
  String linear(Matrix matrix, String input);

  /**
   * Self-attention and the product with its output matrix, whose bias is still to be added.
   *
   * @param hidden what attends
   * @param scoreBias what is added to the scores, narrow {@code [1, heads, tokens, tokens]}; empty
   *     if nothing is
   */
  String attention(SelfAttention attention, String hidden, String scoreBias);
}
