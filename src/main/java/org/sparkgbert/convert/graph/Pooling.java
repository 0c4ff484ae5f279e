package org.sparkgbert.convert.graph;

/**
 * How token vectors become one vector, with H {@code [rows, tokens, hidden]} and the mask M. Modes
 * that a checkpoint names by flags are concatenated in the order of this enum, as
 * sentence-transformers does.
 */
public enum Pooling {
  /** The first token's vector. */
  CLS,
  /** The largest value of each element over the tokens. */
  MAX,
  /** sum(H * M) / sum(M). */
  MEAN,
  /** sum(H * M) / sqrt(sum(M)). */
  MEAN_SQRT_LEN
}
