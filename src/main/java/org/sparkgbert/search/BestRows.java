package org.sparkgbert.search;

/**
 * The best rows among those that one row was compared with.
 *
 * <p><b>Threads:</b> for one thread.
 */
interface BestRows {
  /** A lower score is not among the best; an equal one may be. */
  double threshold();

  /**
   * Keeps a row if it is among the best so far.
   *
   * @param score its exact score
   * @return whether it is
   */
  boolean offer(double score, VectorBlock rows, int row);
}
