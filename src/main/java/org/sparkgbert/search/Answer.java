package org.sparkgbert.search;

import java.util.List;

/**
 * What was found for a question.
 *
 * @param id the question's id, as people read it
 * @param question its text; null if it is not known
 * @param found the best rows, the best first
 */
public record Answer(String id, String question, List<Found> found) {
  public Answer {
    found = List.copyOf(found);
  }

  /**
   * A row of the corpus.
   *
   * @param rank from 1
   * @param id its id, as people read it
   * @param score how near it is to the question
   * @param text its text; null if it has none, or none is shown
   */
  public record Found(int rank, String id, double score, String text) {}
}
