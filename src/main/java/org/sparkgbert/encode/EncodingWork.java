package org.sparkgbert.encode;

import java.io.Serializable;

/**
 * What encoding took; sums over windows.
 *
 * @param texts texts asked for
 * @param distinctTexts texts tokenized, each once
 * @param tokens tokens that went through the model, padding not counted
 * @param paddedTokens tokens that went through the model, padding counted
 * @param batches runs of the model
 * @param tokenizeNanos time in the tokenizer, in nanoseconds of one thread
 * @param encodeNanos time in batches and the model, in nanoseconds of one thread
 */
public record EncodingWork(
    long texts,
    long distinctTexts,
    long tokens,
    long paddedTokens,
    long batches,
    long tokenizeNanos,
    long encodeNanos)
    implements Serializable {
  /** Nothing done. */
  public static final EncodingWork NONE = new EncodingWork(0, 0, 0, 0, 0, 0, 0);

  /** The sum of both. */
  public EncodingWork plus(EncodingWork other) {
    return new EncodingWork(
        texts + other.texts,
        distinctTexts + other.distinctTexts,
        tokens + other.tokens,
        paddedTokens + other.paddedTokens,
        batches + other.batches,
        tokenizeNanos + other.tokenizeNanos,
        encodeNanos + other.encodeNanos);
  }

  /** Share of computed tokens that were padding, from 0 to 1. */
  public double paddingShare() {
    return paddedTokens == 0 ? 0 : 1 - (double) tokens / paddedTokens;
  }
}
