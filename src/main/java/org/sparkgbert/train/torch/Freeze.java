package org.sparkgbert.train.torch;

/**
 * What keeps its weights: nothing, the embeddings with their LayerNorm, or these and the first
 * layers. No gradients are computed for it, which saves their time and memory.
 *
 * @param embeddings whether the embeddings keep their weights
 * @param layers number of layers, from the first, that keep theirs
 */
public record Freeze(boolean embeddings, int layers) {
  /** Everything is trained. */
  public static final Freeze NOTHING = new Freeze(false, 0);

  /** The embeddings keep their weights. */
  public static final Freeze EMBEDDINGS = new Freeze(true, 0);

  /**
   * @throws IllegalArgumentException if the number of layers is negative, or layers are frozen
   *     above embeddings that are not
   */
  public Freeze {
    if (layers < 0 || (layers > 0 && !embeddings)) {
      throw new IllegalArgumentException(
          "Cannot freeze layers: embeddings must be frozen with them, found %d layers"
              .formatted(layers));
    }
  }

  /**
   * Embeddings and the first layers keep their weights.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public static Freeze layers(int layers) {
    return new Freeze(true, layers);
  }

  /** Whether a layer keeps its weights. */
  boolean holds(int layer) {
    return layer < layers;
  }
}
