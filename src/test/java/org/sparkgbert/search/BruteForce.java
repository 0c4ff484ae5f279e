package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sparkgbert.vector.Similarity;

/** All pairs the plain way: every score in double, sorted. */
final class BruteForce {
  private BruteForce() {}

  /**
   * A row of the result.
   *
   * @param id index of a vector
   * @param neighbour index of its neighbour
   * @param rank from 1
   * @param score exact score
   */
  record Pair(int id, int neighbour, int rank, double score) {}

  /** Every vector's best neighbours, the best first. */
  static List<Pair> neighbours(List<float[]> vectors, NeighbourSettings settings) {
    List<Pair> pairs = new ArrayList<>();
    for (int id = 0; id < vectors.size(); id++) {
      List<Pair> best = ranked(vectors, id, settings);
      for (int rank = 1; rank <= best.size(); rank++) {
        Pair pair = best.get(rank - 1);
        pairs.add(new Pair(id, pair.neighbour(), rank, pair.score()));
      }
    }
    return pairs;
  }

  private static List<Pair> ranked(List<float[]> vectors, int id, NeighbourSettings settings) {
    return Stream.iterate(0, other -> other < vectors.size(), other -> other + 1)
        .filter(other -> other != id)
        .map(other -> new Pair(id, other, 0, score(vectors, id, other, settings.similarity())))
        .filter(pair -> settings.minScore() == null || (float) pair.score() >= settings.minScore())
        .sorted(
            Comparator.comparingDouble(Pair::score).reversed().thenComparingInt(Pair::neighbour))
        .limit(settings.topK())
        .toList();
  }

  /** The pairs that stand once, by lower id, rank and higher id. */
  static List<Pair> unordered(List<Pair> pairs) {
    List<Pair> once = new ArrayList<>();
    for (Pair pair : pairs) {
      int low = Math.min(pair.id(), pair.neighbour());
      int high = Math.max(pair.id(), pair.neighbour());
      int best =
          pairs.stream()
              .filter(
                  other ->
                      Math.min(other.id(), other.neighbour()) == low
                          && Math.max(other.id(), other.neighbour()) == high)
              .mapToInt(Pair::rank)
              .min()
              .orElseThrow();
      once.add(new Pair(low, high, best, pair.score()));
    }
    return once.stream()
        .distinct()
        .sorted(
            Comparator.comparingInt(Pair::id)
                .thenComparingInt(Pair::rank)
                .thenComparingInt(Pair::neighbour))
        .toList();
  }

  private static double score(List<float[]> vectors, int a, int b, Similarity similarity) {
    double dot = dot(vectors.get(a), vectors.get(b));
    return similarity == Similarity.DOT
        ? dot
        : dot
            / Math.sqrt(dot(vectors.get(a), vectors.get(a)) * dot(vectors.get(b), vectors.get(b)));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
