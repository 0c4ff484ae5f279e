package org.sparkgbert.convert.graph;

/**
 * How the matrix products of an encoder's layers are computed. Values go in and come out as float32
 * {@code [rows, tokens, width]}.
 */
interface EncoderLayers {
  /** Input of query, key and value, behind the layer's name. */
  String QUERY_KEY_VALUE = "attention.qkv";

  /** The matrix behind attention, behind the layer's name. */
  String ATTENTION_OUTPUT = "attention.output.dense";

  /** The first feed-forward matrix, behind the layer's name. */
  String INTERMEDIATE = "intermediate.dense";

  /** The second feed-forward matrix, behind the layer's name. */
  String OUTPUT = "output.dense";

  /**
   * Self-attention and the product with its output matrix, whose bias is still to be added.
   *
   * @param layer prefix of the layer's names
   * @param mask the attention mask, int32
   */
  String attention(String layer, String hidden, String mask);

  /** A product with a matrix, whose bias is still to be added. */
  String product(String name, String input, int in, int out);

  /** What is to be added to the {@link #product} of that name, after it was made. */
  String bias(String name, int out);
}
