package org.sparkgbert.embed;

import java.io.Serializable;

/**
 * When tasks were at work, by the clocks of their machines, in milliseconds since 1970.
 *
 * @param firstBatchAt when the first batch went into the model: by then, Spark runs, the model is
 *     loaded, and the first texts are tokenized
 * @param lastRowAt when the last task had written its last row
 */
public record WorkSpan(long firstBatchAt, long lastRowAt) implements Serializable {
  /** No task was at work. */
  public static final WorkSpan NONE = new WorkSpan(Long.MAX_VALUE, Long.MIN_VALUE);

  /** The span of both. */
  public WorkSpan plus(WorkSpan other) {
    return new WorkSpan(
        Math.min(firstBatchAt, other.firstBatchAt), Math.max(lastRowAt, other.lastRowAt));
  }

  /** Whether any batch ran and any task ended. */
  public boolean isKnown() {
    return firstBatchAt <= lastRowAt;
  }
}
