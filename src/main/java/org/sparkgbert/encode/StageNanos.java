package org.sparkgbert.encode;

import java.io.Serializable;

/**
 * Where the time for encoding went, in nanoseconds of one thread, summed over windows.
 *
 * @param tokenize text to token ids, including finding equal texts
 * @param batch sorting, and filling matrices of token ids
 * @param run inside the session
 * @param copy embeddings out of native memory and back to their texts
 */
public record StageNanos(long tokenize, long batch, long run, long copy) implements Serializable {
  /** No time. */
  public static final StageNanos NONE = new StageNanos(0, 0, 0, 0);

  /** The sum of both. */
  public StageNanos plus(StageNanos other) {
    return new StageNanos(
        tokenize + other.tokenize, batch + other.batch, run + other.run, copy + other.copy);
  }

  /** All stages together. */
  public long sum() {
    return tokenize + batch + run + copy;
  }
}
