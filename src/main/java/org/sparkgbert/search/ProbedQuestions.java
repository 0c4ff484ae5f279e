package org.sparkgbert.search;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Questions, and the cells that they ask with their centroids. Immutable; travels as a broadcast.
 */
final class ProbedQuestions implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int[] NONE = {};

  private final double[][] directions;
  private final HashMap<Integer, int[]> askedBy;
  private final HashMap<Integer, float[]> centroids;

  private ProbedQuestions(
      double[][] directions, HashMap<Integer, int[]> askedBy, HashMap<Integer, float[]> centroids) {
    this.directions = directions;
    this.askedBy = askedBy;
    this.centroids = centroids;
  }

  /**
   * Finds the cells that questions ask.
   *
   * @param probe cells of each question
   */
  static ProbedQuestions of(Questions questions, Centroids centroids, int probe) {
    double[][] directions = new double[questions.count()][];
    Map<Integer, List<Integer>> numbers = new HashMap<>();
    HashMap<Integer, float[]> asked = new HashMap<>();
    for (int number = 0; number < directions.length; number++) {
      float[] vector = questions.vector(number);
      directions[number] = divided(vector);
      int[] ranked = centroids.ranked(vector);
      for (int i = 0; i < Math.min(probe, ranked.length); i++) {
        int centroid = ranked[i];
        numbers.computeIfAbsent(centroids.cell(centroid), cell -> new ArrayList<>()).add(number);
        asked.computeIfAbsent(centroids.cell(centroid), cell -> centroids.vector(centroid));
      }
    }
    HashMap<Integer, int[]> askedBy = new HashMap<>();
    numbers.forEach(
        (cell, all) -> askedBy.put(cell, all.stream().mapToInt(Integer::intValue).toArray()));
    return new ProbedQuestions(directions, askedBy, asked);
  }

  /** The length of a question changes no order. */
  private static double[] divided(float[] vector) {
    double length = VectorCode.length(vector);
    double[] divided = new double[vector.length];
    for (int i = 0; i < vector.length && length > 0; i++) {
      divided[i] = vector[i] / length;
    }
    return divided;
  }

  /** Cells that any question asks. */
  Set<Integer> cells() {
    return new TreeSet<>(askedBy.keySet());
  }

  /** Numbers of the questions that ask a cell. */
  int[] asking(int cell) {
    return askedBy.getOrDefault(cell, NONE);
  }

  /** The axis of a cell that is asked. */
  CentroidAxis axis(int cell) {
    return CentroidAxis.of(centroids.get(cell));
  }

  /** A question's direction; owned. */
  double[] direction(int number) {
    return directions[number];
  }
}
