package org.sparkgbert.convert.graph;

/** An encoder: its sizes, and how its part of a graph is built. */
public interface Encoder {
  EncoderShape shape();

  /** The names of its tensors in checkpoints. */
  TensorNames tensors();

  /**
   * Adds the nodes that compute token vectors from token ids.
   *
   * @param nodes the graph and the checkpoint
   * @param matrices computes the products with the matrices of the layers
   * @return name of the token vectors, float32 {@code [rows, tokens, hidden]}
   * @throws IllegalArgumentException if a tensor is missing or has another shape
   */
  String addTo(EncoderNodes nodes, Matrices matrices);
}
