package org.sparkgbert.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Arranges clusters in a row so that similar ones are close together. */
final class ClusterOrder {
  private ClusterOrder() {}

  /**
   * Starts with the two most similar clusters, then always puts the one most similar to either end
   * of the row at that end.
   *
   * @param similarities of all pairs of clusters, symmetric, [k, k]
   * @return each number from 0 to k - 1 once
   */
  static int[] of(double[][] similarities) {
    int count = similarities.length;
    boolean[] placed = new boolean[count];
    Deque<Integer> row = new ArrayDeque<>(count);
    if (count > 0) {
      place(row, placed, mostSimilarPair(similarities), true);
    }
    while (row.size() < count) {
      int left = mostSimilar(similarities[row.getFirst()], placed);
      int right = mostSimilar(similarities[row.getLast()], placed);
      boolean atRight = similarities[row.getLast()][right] >= similarities[row.getFirst()][left];
      place(row, placed, atRight ? right : left, atRight);
    }
    return row.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void place(Deque<Integer> row, boolean[] placed, int cluster, boolean atRight) {
    placed[cluster] = true;
    if (atRight) {
      row.addLast(cluster);
    } else {
      row.addFirst(cluster);
    }
  }

  /** One of the two: its partner follows as the most similar to it. */
  private static int mostSimilarPair(double[][] similarities) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int one = 0; one < similarities.length; one++) {
      for (int other = 0; other < one; other++) {
        if (similarities[one][other] > most) {
          most = similarities[one][other];
          best = one;
        }
      }
    }
    return best;
  }

  private static int mostSimilar(double[] similarities, boolean[] placed) {
    int best = -1;
    for (int each = 0; each < similarities.length; each++) {
      if (!placed[each] && (best < 0 || similarities[each] > similarities[best])) {
        best = each;
      }
    }
    return best;
  }
}
