package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Computes a {@link Loss} on arrays. */
interface PairLoss {
  /**
   * The loss of a batch, a number.
   *
   * @param first vectors {@code [pairs, hidden]}
   * @param second vectors {@code [pairs, hidden]}
   * @param labels a label or score per pair
   * @param manager owner of arrays that the graph refers to
   */
  NDArray of(NDArray first, NDArray second, float[] labels, NDManager manager);

  /** The computation of a loss. */
  static PairLoss of(Loss loss) {
    if (loss instanceof Loss.Contrastive contrastive) {
      return (first, second, labels, manager) ->
          new PairLosses(manager).contrastive(first, second, labels, contrastive.margin());
    }
    if (loss instanceof Loss.CosineSimilarity) {
      return (first, second, labels, manager) ->
          new PairLosses(manager).cosineSimilarity(first, second, labels);
    }
    if (loss instanceof Loss.CoSent coSent) {
      return (first, second, labels, manager) ->
          new PairLosses(manager).coSent(first, second, labels, coSent.scale());
    }
    double scale = ((Loss.MultipleNegativesRanking) loss).scale();
    return (first, second, labels, manager) ->
        new PairLosses(manager).multipleNegativesRanking(first, second, scale);
  }
}
