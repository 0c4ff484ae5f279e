package org.sparkgbert.convert.graph;

import java.util.Optional;

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
 * @param next the matrix whose input is made of the product, each channel by itself; empty if it is
 *     not known to be so
 */
public record Matrix(
    String name, int in, int out, boolean hasBias, int attentionLayer, Optional<Matrix> next) {
  private static final int NOT_ATTENTION = -1;

  /** Part of attention. */
  public Matrix(String name, int in, int out, boolean hasBias, int attentionLayer) {
    this(name, in, out, hasBias, attentionLayer, Optional.empty());
  }

  /** Outside attention. */
  public Matrix(String name, int in, int out, boolean hasBias) {
    this(name, in, out, hasBias, NOT_ATTENTION);
  }

  /** Outside attention, with a bias. */
  public Matrix(String name, int in, int out) {
    this(name, in, out, true);
  }

  /** The same matrix before another, with no more than an element-wise function between them. */
  public Matrix before(Matrix following) {
    return new Matrix(name, in, out, hasBias, attentionLayer, Optional.of(following));
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
