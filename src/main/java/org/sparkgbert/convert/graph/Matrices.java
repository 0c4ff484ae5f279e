package org.sparkgbert.convert.graph;

/**
 * How the products with the matrices of an encoder's layers are computed. Inputs and outputs are
 * float32 {@code [rows, tokens, width]}.
 */
public interface Matrices {
  /** A product, to which {@link #bias} is still to be added. */
  String product(Matrix matrix, String input);

  /** The bias to add to a {@link #product}, which must be called first; empty if none is left. */
  String bias(Matrix matrix);

  /** A product with its bias. */
  String linear(Matrix matrix, String input);

  /**
   * Self-attention and the product with its output matrix, to which {@link #bias} is still to be
   * added.
   *
   * @param hidden the input, float32
   * @param scoreBias what is added to the scores, narrow {@code [1, heads, tokens, tokens]}; empty
   *     if nothing is
   */
  String attention(SelfAttention attention, String hidden, String scoreBias);
}
