package org.sparkgbert.bench;

/**
 * What the rows of a corpus that were read say about all of them.
 *
 * @param rows of the whole corpus
 * @param read how many of them were read, from the first on
 * @param texts how many of these have a text with tokens; equal ones count each time
 * @param tokens of these texts, each truncated to what the model reads
 */
public record CorpusSample(long rows, long read, long texts, long tokens) {
  /**
   * @throws IllegalArgumentException if no text was read, or more rows than there are
   */
  public CorpusSample {
    Checks.positive("texts read", texts);
    Checks.notNegative("rows without text", read - texts);
    Checks.notNegative("rows not read", rows - read);
  }

  /** Rows of the whole corpus with a text, if those that were read stand for all. */
  long rowsWithText() {
    return ofAll(texts);
  }

  /** Tokens of the whole corpus, if the rows that were read stand for all. */
  long allTokens() {
    return ofAll(tokens);
  }

  private long ofAll(long counted) {
    return read == rows ? counted : Math.round((double) rows / read * counted);
  }
}
