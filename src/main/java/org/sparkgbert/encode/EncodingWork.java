package org.sparkgbert.encode;

import java.io.Serializable;

/**
 * The work of encoding, summed over windows.
 *
 * @param texts texts requested
 * @param distinctTexts texts that went through the model, each once in a window: null and blank
 *     ones do not
 * @param tokens tokens that went through the model, without padding
 * @param paddedTokens tokens that went through the model, padding included
 * @param batches runs of the model
 * @param nanos where the time went
 */
public record EncodingWork(
    long texts, long distinctTexts, long tokens, long paddedTokens, long batches, StageNanos nanos)
    implements Serializable {
  /** Nothing done. */
  public static final EncodingWork NONE = new EncodingWork(0, 0, 0, 0, 0, StageNanos.NONE);

  /** The sum of both. */
  public EncodingWork plus(EncodingWork other) {
    return new EncodingWork(
        texts + other.texts,
        distinctTexts + other.distinctTexts,
        tokens + other.tokens,
        paddedTokens + other.paddedTokens,
        batches + other.batches,
        nanos.plus(other.nanos));
  }

  /** Share of computed tokens that were padding, from 0 to 1. */
  public double paddingShare() {
    return paddedTokens == 0 ? 0 : 1 - (double) tokens / paddedTokens;
  }
}
