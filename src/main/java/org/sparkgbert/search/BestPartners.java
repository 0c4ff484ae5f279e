package org.sparkgbert.search;

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
   * @param topK maximum number of partners to keep
   * @param minScore minimum score, as a float; null for none
   */
  BestPartners(int topK, Float minScore) {
    this.topK = topK;
    this.minScore = minScore == null ? Float.NEGATIVE_INFINITY : minScore;
  }

  /**
   * Keeps a partner if it is among the best so far.
   *
   * @return whether it is
   */
  boolean offer(double score, int number, Object[] key) {
    if ((float) score < minScore || isWorse(score, number)) {
      return false;
    }
    worstFirst.add(new Partner(score, number, key));
    if (worstFirst.size() > topK) {
      worstFirst.remove();
    }
    return true;
  }

  private boolean isWorse(double score, int number) {
    if (worstFirst.size() < topK) {
      return false;
    }
    Partner worst = worstFirst.element();
    return score < worst.score() || (score == worst.score() && number > worst.number());
  }

  /** A lower score is not among the best; an equal one may be. */
  double threshold() {
    // A score that rounds to the minimum may be a little below it.
    double floor = Math.nextDown(minScore);
    return worstFirst.size() < topK ? floor : Math.max(floor, worstFirst.element().score());
  }

  /** Those kept, the best first. */
  List<Partner> bestFirst() {
    return worstFirst.stream().sorted(Partner.BEST_FIRST).toList();
  }
}
