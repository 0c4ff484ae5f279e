package org.sparkgbert.convert.graph;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What follows the encoder: pooling, dense layers, division by the L2 norm, and truncation.
 *
 * @param pooling at least one, each once, concatenated in this order
 * @param dense dense layers, possibly none
 * @param normalize whether embeddings are scaled to unit length, before they are truncated
 * @param truncation how many of the first elements are kept, if not all are; at least 1
 */
public record Head(
    List<Pooling> pooling, List<DenseLayer> dense, boolean normalize, OptionalInt truncation) {
  /**
   * @throws IllegalArgumentException if there is no pooling, or one twice, or nothing is kept
   */
  public Head {
    pooling = List.copyOf(pooling);
    dense = List.copyOf(dense);
    if (pooling.isEmpty()) {
      throw new IllegalArgumentException("Cannot pool tokens: no pooling mode is set");
    }
    if (Set.copyOf(pooling).size() < pooling.size()) {
      throw new IllegalArgumentException(
          "Cannot pool tokens: a pooling mode must be named once, found " + pooling);
    }
    if (truncation.isPresent() && truncation.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "Cannot truncate embeddings: the length must be positive, found "
              + truncation.getAsInt());
    }
  }

  /** A head that keeps all elements. */
  public Head(List<Pooling> pooling, List<DenseLayer> dense, boolean normalize) {
    this(pooling, dense, normalize, OptionalInt.empty());
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
    int whole = wholeDimension(hiddenSize);
    return Math.min(whole, truncation.orElse(whole));
  }

  /**
   * Whether embeddings have unit length: scaled, and nothing cut off afterwards.
   *
   * @param hiddenSize length of a token's vector
   * @throws IllegalArgumentException as {@link #dimension}
   */
  public boolean hasUnitLength(int hiddenSize) {
    return normalize && dimension(hiddenSize) == wholeDimension(hiddenSize);
  }

  private int wholeDimension(int hiddenSize) {
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
