package org.sparkgbert.convert.graph;

/**
 * A linear layer of a checkpoint: {@code NAME.weight} {@code [out, in]}, and {@code NAME.bias}
 * {@code [out]} if it has one.
 *
 * @param name common name of both, without the suffix
 * @param in length of the input
 * @param out length of the product
 * @param hasBias whether there is a bias
 * @param attentionLayer number of the layer whose attention it is part of, from 0; {@value
 *     #NOT_ATTENTION} for all other matrices
 */
public record Matrix(String name, int in, int out, boolean hasBias, int attentionLayer) {
  private static final int NOT_ATTENTION = -1;

  /** Outside attention. */
  public Matrix(String name, int in, int out, boolean hasBias) {
    this(name, in, out, hasBias, NOT_ATTENTION);
  }

  /** Outside attention, with a bias. */
  public Matrix(String name, int in, int out) {
    this(name, in, out, true);
  }

  boolean isAttention() {
    return attentionLayer != NOT_ATTENTION;
  }

  String weight() {
    return name + ".weight";
  }

  String bias() {
    return name + ".bias";
  }

  /** The bias from the checkpoint; zeros if it has none. */
  float[] biasOf(EncoderWeights weights) {
    return hasBias ? weights.floats(bias(), out) : new float[out];
  }
}
