package org.sparkgbert.tokenize;

/** What happens to a text with more tokens than the model can read. */
public enum LongText {
  /** It is cut, and its embedding is that of its beginning. */
  CUT,
  /** It is split, and its embedding is the mean of all parts, weighted by their tokens. */
  CHUNKS
}
