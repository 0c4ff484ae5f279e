package org.sparkgbert.search;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The best rows of a corpus, or of a part of it, for a question. */
final class BestHits implements BestRows {
  private final int topK;
  private final double minScore;
  private final Comparator<Hit> bestFirst;
  private final PriorityQueue<Hit> worstFirst;

  /**
   * @param topK maximum number of hits to keep
   * @param minScore lower scores are no hits
   * @param bestFirst decides between hits
   */
  BestHits(int topK, double minScore, Comparator<Hit> bestFirst) {
    this.topK = topK;
    this.minScore = minScore;
    this.bestFirst = bestFirst;
    this.worstFirst = new PriorityQueue<>(bestFirst.reversed());
  }

  @Override
  public double threshold() {
    return worstFirst.size() < topK ? minScore : worstFirst.element().score();
  }

  @Override
  public boolean offer(double score, VectorBlock rows, int row) {
    if (score < threshold()) {
      return false;
    }
    Hit hit = new Hit(score, rows.key(row));
    if (worstFirst.size() == topK) {
      if (bestFirst.compare(hit, worstFirst.element()) >= 0) {
        return false;
      }
      worstFirst.remove();
    }
    return worstFirst.add(hit);
  }

  /** Those kept, in no order. */
  Collection<Hit> hits() {
    return Collections.unmodifiableCollection(worstFirst);
  }
}
