package org.sparkgbert.search;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Questions, and the cells that they ask. Immutable; travels as a broadcast. */
final class ProbedQuestions implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int[] NONE = {};

  private final float[][] directions;
  private final HashMap<Integer, int[]> askedBy;

  private ProbedQuestions(float[][] directions, HashMap<Integer, int[]> askedBy) {
    this.directions = directions;
    this.askedBy = askedBy;
  }

  /**
   * Finds the cells that questions ask.
   *
   * @param probe cells of each question
   */
  static ProbedQuestions of(Questions questions, Centroids centroids, int probe) {
    float[][] directions = new float[questions.count()][];
    Map<Integer, List<Integer>> numbers = new HashMap<>();
    for (int number = 0; number < directions.length; number++) {
      float[] vector = questions.vector(number);
      directions[number] = divided(vector);
      int[] ranked = centroids.ranked(vector);
      for (int i = 0; i < Math.min(probe, ranked.length); i++) {
        numbers.computeIfAbsent(centroids.cell(ranked[i]), cell -> new ArrayList<>()).add(number);
      }
    }
    HashMap<Integer, int[]> askedBy = new HashMap<>();
    numbers.forEach(
        (cell, all) -> askedBy.put(cell, all.stream().mapToInt(Integer::intValue).toArray()));
    return new ProbedQuestions(directions, askedBy);
  }

  /** The length of a question changes no order. */
  private static float[] divided(float[] vector) {
    double length = VectorCode.length(vector);
    float[] divided = vector.clone();
    for (int i = 0; i < vector.length && length > 0; i++) {
      divided[i] = (float) (vector[i] / length);
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

  /** A question's direction; owned. */
  float[] direction(int number) {
    return directions[number];
  }
}
