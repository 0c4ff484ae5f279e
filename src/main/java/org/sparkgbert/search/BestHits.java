package org.sparkgbert.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The best rows of a corpus, or of a part of it, for a question or for one of its own rows: a heap
 * with the worst of them first, whose scores are compared before keys are looked at.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class BestHits {
  private static final int FIRST_ROOM = 16;

  private final int topK;
  private final double minScore;
  private final Predicate<byte[]> wanted;
  private final Comparator<byte[]> keyOrder;
  private double[] scores;
  private byte[][] keys;
  private int size;

  /**
   * @param topK maximum number of hits to keep
   * @param minScore lower scores are no hits
   * @param wanted which rows may be hits, by their keys: all but one at most
   * @param keyOrder among equal scores, the first is the best
   */
  BestHits(int topK, double minScore, Predicate<byte[]> wanted, Comparator<byte[]> keyOrder) {
    this.topK = topK;
    this.minScore = minScore;
    this.wanted = wanted;
    this.keyOrder = keyOrder;
    this.scores = new double[Math.min(topK, FIRST_ROOM)];
    this.keys = new byte[scores.length][];
  }

  /** A lower score is not among the best; an equal one may be. */
  double threshold() {
    return isFull() ? scores[0] : minScore;
  }

  /** Maximum number of hits. */
  int topK() {
    return topK;
  }

  /** Whether there are as many. */
  boolean isFull() {
    return size == topK;
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
    byte[] key = rows.key(row);
    if (!isFull()) {
      add(score, key);
      return true;
    }
    if (!isWorse(scores[0], keys[0], score, key)) {
      return false;
    }
    sink(0, score, key);
    return true;
  }

  private boolean isWorse(double score, byte[] key, double other, byte[] otherKey) {
    int byScore = Double.compare(score, other);
    return byScore != 0 ? byScore < 0 : keyOrder.compare(key, otherKey) > 0;
  }

  /** The parent of each hit is worse. */
  private void add(double score, byte[] key) {
    if (size == scores.length) {
      int room = (int) Math.min(topK, 2L * size);
      scores = Arrays.copyOf(scores, room);
      keys = Arrays.copyOf(keys, room);
    }
    int place = size++;
    while (place > 0 && isWorse(score, key, scores[(place - 1) / 2], keys[(place - 1) / 2])) {
      put(place, scores[(place - 1) / 2], keys[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
    put(place, score, key);
  }

  /** Puts a hit at a place, or below it where there are worse ones. */
  private void sink(int from, double score, byte[] key) {
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size
          && isWorse(scores[child + 1], keys[child + 1], scores[child], keys[child])) {
        child++;
      }
      if (!isWorse(scores[child], keys[child], score, key)) {
        break;
      }
      put(place, scores[child], keys[child]);
      place = child;
    }
    put(place, score, key);
  }

  private void put(int place, double score, byte[] key) {
    scores[place] = score;
    keys[place] = key;
  }

  /** Those kept, the best first. */
  List<Hit> bestFirst() {
    return hits().stream().sorted(Hit.bestFirst(keyOrder)).toList();
  }

  /** Those kept, in no order. */
  List<Hit> hits() {
    return IntStream.range(0, size).mapToObj(i -> new Hit(scores[i], keys[i])).toList();
  }
}
