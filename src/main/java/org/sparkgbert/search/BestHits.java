package org.sparkgbert.search;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * The best rows of a corpus, or of a part of it, for a question or for one of its own rows.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class BestHits {
  private final int topK;
  private final double minScore;
  private final Predicate<byte[]> wanted;
  private final Comparator<Hit> bestFirst;
  private final PriorityQueue<Hit> worstFirst;

  /**
   * @param topK maximum number of hits to keep
   * @param minScore lower scores are no hits
   * @param wanted which rows may be hits, by their keys: all but one at most
   * @param bestFirst decides between hits
   */
  BestHits(int topK, double minScore, Predicate<byte[]> wanted, Comparator<Hit> bestFirst) {
    this.topK = topK;
    this.minScore = minScore;
    this.wanted = wanted;
    this.bestFirst = bestFirst;
    this.worstFirst = new PriorityQueue<>(bestFirst.reversed());
  }

  /** A lower score is not among the best; an equal one may be. */
  double threshold() {
    return isFull() ? worstFirst.element().score() : minScore;
  }

  /** Maximum number of hits. */
  int topK() {
    return topK;
  }

  /** Whether there are as many. */
  boolean isFull() {
    return worstFirst.size() == topK;
  }

  /**
   * Keeps a row if it is among the best so far.
   *
   * @param score its exact score
   * @return whether it is
   */
  boolean offer(double score, VectorBlock rows, int row) {
    if (score < threshold() || !wanted.test(rows.key(row))) {
      return false;
    }
    Hit hit = new Hit(score, rows.key(row));
    if (isFull()) {
      if (bestFirst.compare(hit, worstFirst.element()) >= 0) {
        return false;
      }
      worstFirst.remove();
    }
    return worstFirst.add(hit);
  }

  /** Those kept, the best first. */
  List<Hit> bestFirst() {
    return worstFirst.stream().sorted(bestFirst).toList();
  }

  /** Those kept, in no order. */
  Collection<Hit> hits() {
    return Collections.unmodifiableCollection(worstFirst);
  }
}
