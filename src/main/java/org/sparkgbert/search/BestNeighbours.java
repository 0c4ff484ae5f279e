package org.sparkgbert.search;

import java.util.List;
import java.util.PriorityQueue;

/** The best neighbours of a row of a corpus among the other rows of that corpus. */
final class BestNeighbours implements BestRows {
  private final int ownNumber;
  private final int topK;
  private final float minScore;
  private final PriorityQueue<Neighbour> worstFirst =
      new PriorityQueue<>(Neighbour.BEST_FIRST.reversed());

  /**
   * @param ownNumber number of the row, which is no neighbour of itself
   * @param topK maximum number of neighbours to keep
   * @param minScore minimum score, as a float; null for none
   */
  BestNeighbours(int ownNumber, int topK, Float minScore) {
    this.ownNumber = ownNumber;
    this.topK = topK;
    this.minScore = minScore == null ? Float.NEGATIVE_INFINITY : minScore;
  }

  @Override
  public boolean offer(double score, VectorBlock rows, int row) {
    int number = rows.number(row);
    if (number == ownNumber || (float) score < minScore || isWorse(score, number)) {
      return false;
    }
    worstFirst.add(new Neighbour(score, number, rows.key(row)));
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

  @Override
  public double threshold() {
    // A score that rounds to the minimum may be a little below it.
    double floor = Math.nextDown(minScore);
    return worstFirst.size() < topK ? floor : Math.max(floor, worstFirst.element().score());
  }

  /** Those kept, the best first. */
  List<Neighbour> bestFirst() {
    return worstFirst.stream().sorted(Neighbour.BEST_FIRST).toList();
  }
}
