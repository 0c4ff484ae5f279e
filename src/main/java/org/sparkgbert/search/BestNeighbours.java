package org.sparkgbert.search;

import java.util.List;
import java.util.PriorityQueue;

/**
 * The best neighbours of a row among those it was offered.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class BestNeighbours {
  private final int topK;
  private final float minScore;
  private final PriorityQueue<Neighbour> worstFirst =
      new PriorityQueue<>(Neighbour.BEST_FIRST.reversed());

  /**
   * @param topK maximum number of neighbours to keep
   * @param minScore minimum score, as a float; null for none
   */
  BestNeighbours(int topK, Float minScore) {
    this.topK = topK;
    this.minScore = minScore == null ? Float.NEGATIVE_INFINITY : minScore;
  }

  /**
   * Keeps a neighbour if it is among the best so far.
   *
   * @return whether it is
   */
  boolean offer(double score, int number, Object[] key) {
    if ((float) score < minScore || isWorse(score, number)) {
      return false;
    }
    worstFirst.add(new Neighbour(score, number, key));
    if (worstFirst.size() > topK) {
      worstFirst.remove();
    }
    return true;
  }

  private boolean isWorse(double score, int number) {
    if (worstFirst.size() < topK) {
      return false;
    }
    Neighbour worst = worstFirst.element();
    return score < worst.score() || (score == worst.score() && number > worst.number());
  }

  /** A lower score is not among the best; an equal one may be. */
  double threshold() {
    // A score that rounds to the minimum may be a little below it.
    double floor = Math.nextDown(minScore);
    return worstFirst.size() < topK ? floor : Math.max(floor, worstFirst.element().score());
  }

  /** Those kept, the best first. */
  List<Neighbour> bestFirst() {
    return worstFirst.stream().sorted(Neighbour.BEST_FIRST).toList();
  }
}
