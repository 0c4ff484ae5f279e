package org.sparkgbert.embed;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sparkgbert.encode.EncodingWork;

/**
 * The work of embedding a table so far, summed over tasks.
 *
 * @param rows rows done
 * @param encoding the work of encoding
 * @param readNanos time spent waiting for input rows, in nanoseconds of one thread
 * @param writeNanos time that tasks spent on anything but reading, tokenizing and encoding, that is
 *     on converting and writing rows, in nanoseconds of one thread
 * @param span when tasks were at work
 * @param executors what each executor ran on, by executor and device
 */
public record EmbedWork(
    long rows,
    EncodingWork encoding,
    long readNanos,
    long writeNanos,
    WorkSpan span,
    SortedMap<String, ExecutorUse> executors)
    implements Serializable {
  /** Nothing done. */
  public static final EmbedWork NONE =
      new EmbedWork(0, EncodingWork.NONE, 0, 0, WorkSpan.NONE, Collections.emptySortedMap());

  /** The sum of both. */
  public EmbedWork plus(EmbedWork other) {
    SortedMap<String, ExecutorUse> all = new TreeMap<>(executors);
    all.putAll(other.executors);
    return new EmbedWork(
        rows + other.rows,
        encoding.plus(other.encoding),
        readNanos + other.readNanos,
        writeNanos + other.writeNanos,
        span.plus(other.span),
        all);
  }

  /** Rows done of a window that is not done yet. */
  static EmbedWork rows(long rows) {
    return new EmbedWork(
        rows, EncodingWork.NONE, 0, 0, WorkSpan.NONE, Collections.emptySortedMap());
  }

  /**
   * A window of rows done.
   *
   * @param rows those that have not been counted yet, batch by batch
   * @param firstBatchAt when its first batch went into the model, in milliseconds since 1970
   */
  static EmbedWork window(long rows, EncodingWork encoding, long readNanos, long firstBatchAt) {
    WorkSpan span = new WorkSpan(firstBatchAt, Long.MIN_VALUE);
    return new EmbedWork(rows, encoding, readNanos, 0, span, Collections.emptySortedMap());
  }

  /**
   * Time that went into the rows after they were embedded.
   *
   * @param lastRowAt when the task had written its last row, in milliseconds since 1970
   */
  static EmbedWork written(long nanos, long lastRowAt) {
    WorkSpan span = new WorkSpan(Long.MAX_VALUE, lastRowAt);
    return new EmbedWork(0, EncodingWork.NONE, 0, nanos, span, Collections.emptySortedMap());
  }

  /** An executor at work. */
  static EmbedWork by(ExecutorUse use) {
    SortedMap<String, ExecutorUse> one = new TreeMap<>();
    one.put(use.executor() + " " + use.device(), use);
    return new EmbedWork(0, EncodingWork.NONE, 0, 0, WorkSpan.NONE, one);
  }
}
