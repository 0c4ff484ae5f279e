package org.sparkgbert.convert.graph;

import java.util.List;

/**
 * What follows the encoder: pooling, dense layers, and division by the L2 norm.
 *
 * @param pooling at least one, in the enum's order
 * @param dense dense layers, possibly none
 * @param normalize whether embeddings are scaled to unit length
 */
public record Head(List<Pooling> pooling, List<DenseLayer> dense, boolean normalize) {
  /**
   * @throws IllegalArgumentException if there is no pooling
   */
  public Head {
    if (pooling.isEmpty()) {
      throw new IllegalArgumentException("Cannot pool tokens: no pooling mode is set");
    }
    pooling = pooling.stream().sorted().distinct().toList();
    dense = List.copyOf(dense);
  }

  /** Masked mean, the usual case. */
  public static Head mean(boolean normalize) {
    return new Head(List.of(Pooling.MEAN), List.of(), normalize);
  }

  /**
   * Length of an embedding.
   *
   * @param hiddenSize length of a token's vector
   * @throws IllegalArgumentException if a dense layer's input length is not that of its input
   */
  public int dimension(int hiddenSize) {
    int dimension = hiddenSize * pooling.size();
    for (DenseLayer layer : dense) {
      if (layer.inputs() != dimension) {
        throw new IllegalArgumentException(
            "Cannot add dense layer: it takes vectors of %d, found %d"
                .formatted(layer.inputs(), dimension));
      }
      dimension = layer.outputs();
    }
    return dimension;
  }
}
