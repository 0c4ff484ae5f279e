package org.sparkgbert.search;

import java.util.List;

/**
 * How much of what exact search finds an index finds, measured.
 *
 * @param path the index
 * @param finished when the measurement ended: UTC in ISO 8601
 * @param info what the index says of itself
 * @param questions held-out questions
 * @param singles those of them that were also asked alone, to count bytes
 * @param exactBytes bytes that exact search reads of the same files: all ids and embeddings
 * @param recalls the measurements, by number of cells asked
 */
public record RecallFindings(
    String path,
    String finished,
    IndexInfo info,
    int questions,
    int singles,
    long exactBytes,
    List<Measured> recalls) {
  public RecallFindings {
    recalls = List.copyOf(recalls);
  }

  /**
   * A measurement.
   *
   * @param probe cells asked
   * @param recall mean share of the nearest 10 that were found, from 0 to 1
   * @param rows mean share of the index' rows whose codes a question alone is compared with, from 0
   *     to 1
   * @param bytes mean bytes that a question alone reads
   */
  public record Measured(int probe, double recall, double rows, double bytes) {}
}
