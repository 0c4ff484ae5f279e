package org.sparkgbert.sts;

import java.util.List;
import java.util.PriorityQueue;

/**
 * The best partners of a row among those it was offered.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class BestPartners {
  private final int topK;
  private final float minScore;
  private final PriorityQueue<Partner> worstFirst =
      new PriorityQueue<>(Partner.BEST_FIRST.reversed());

  /**
   * @param topK most partners to keep
   * @param minScore least score, as a float; null for none
   */
  BestPartners(int topK, Float minScore) {
    this.topK = topK;
    this.minScore = minScore == null ? Float.NEGATIVE_INFINITY : minScore;
  }

  /** Keeps the partner if it is among the best so far. */
  void offer(Partner partner) {
    if ((float) partner.score() >= minScore) {
      worstFirst.add(partner);
      if (worstFirst.size() > topK) {
        worstFirst.remove();
      }
    }
  }

  /** A lower score is not among the best; an equal one may be. */
  double threshold() {
    // A score that rounds to the least one may lie a little below it.
    double floor = Math.nextDown(minScore);
    return worstFirst.size() < topK ? floor : Math.max(floor, worstFirst.element().score());
  }

  /** Those kept, the best first. */
  List<Partner> bestFirst() {
    return worstFirst.stream().sorted(Partner.BEST_FIRST).toList();
  }
}
