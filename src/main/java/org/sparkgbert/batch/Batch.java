package org.sparkgbert.batch;

/**
 * Sequences that are encoded together.
 *
 * @param sequences indices of the sequences, longest first. Owned, not copied.
 * @param tokens padded length: that of the longest sequence
 */
public record Batch(int[] sequences, int tokens) {
  /**
   * @throws IllegalArgumentException if there is no sequence or no token
   */
  public Batch {
    if (sequences.length == 0 || tokens < 1) {
      throw new IllegalArgumentException(
          "Cannot make a batch: found %d sequences of %d tokens"
              .formatted(sequences.length, tokens));
    }
  }

  /** Number of sequences. */
  public int rows() {
    return sequences.length;
  }

  /** Tokens that are computed, padding included. */
  public long paddedTokens() {
    return (long) rows() * tokens;
  }
}
