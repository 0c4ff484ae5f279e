package org.sparkgbert.cluster;

import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct texts that are nearest to a centroid, each by the nearest of its rows; of equally
 * near ones, the first in the order of their code points.
 *
 * <p><b>Threads:</b> for one.
 */
final class NearestTexts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int most;
  private final Map<String, Double> distances = new HashMap<>();

  /** No text that is farther is among them. */
  private double farthest = Double.POSITIVE_INFINITY;

  /** At most so many, at least 1. */
  NearestTexts(int most) {
    this.most = most;
  }

  /** One more row. */
  void add(String text, double distance) {
    if (distance > farthest) {
      return;
    }
    distances.merge(text, distance, Math::min);
    if (distances.size() > most) {
      var last = distances.entrySet().stream().max(order()).orElseThrow();
      farthest = last.getValue();
      distances.remove(last.getKey());
    }
  }

  /** The rows of another part of the table. */
  void addAll(NearestTexts others) {
    others.distances.forEach(this::add);
  }

  /** The texts, nearest first. */
  List<String> texts() {
    return distances.entrySet().stream().sorted(order()).map(Map.Entry::getKey).toList();
  }

  private static Comparator<Map.Entry<String, Double>> order() {
    return Map.Entry.<String, Double>comparingByValue()
        .thenComparing(Map.Entry::getKey, TextOrder.BY_CODE_POINTS);
  }
}
