package org.sparkgbert.embed;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sparkgbert.encode.EncodingWork;

/**
 * What embedding a table took so far; sums over tasks.
 *
 * @param rows rows done
 * @param encoding what encoding took
 * @param readNanos time spent waiting for input rows, in nanoseconds of one thread
 * @param writeNanos time of tasks in none of reading, tokenizing and encoding: converting and
 *     writing rows, in nanoseconds of one thread
 * @param executors what each executor ran on, by executor and device
 */
public record EmbedWork(
    long rows,
    EncodingWork encoding,
    long readNanos,
    long writeNanos,
    SortedMap<String, ExecutorUse> executors)
    implements Serializable {
  /** Nothing done. */
  public static final EmbedWork NONE =
      new EmbedWork(0, EncodingWork.NONE, 0, 0, Collections.emptySortedMap());

  /** The sum of both. */
  public EmbedWork plus(EmbedWork other) {
    SortedMap<String, ExecutorUse> all = new TreeMap<>(executors);
    all.putAll(other.executors);
    return new EmbedWork(
        rows + other.rows,
        encoding.plus(other.encoding),
        readNanos + other.readNanos,
        writeNanos + other.writeNanos,
        all);
  }

  /** A window of rows done. */
  static EmbedWork window(long rows, EncodingWork encoding, long readNanos) {
    return new EmbedWork(rows, encoding, readNanos, 0, Collections.emptySortedMap());
  }

  /** Time that went into the rows after they were embedded. */
  static EmbedWork written(long nanos) {
    return new EmbedWork(0, EncodingWork.NONE, 0, nanos, Collections.emptySortedMap());
  }

  /** An executor at work. */
  static EmbedWork by(ExecutorUse use) {
    SortedMap<String, ExecutorUse> one = new TreeMap<>();
    one.put(use.executor() + " " + use.device(), use);
    return new EmbedWork(0, EncodingWork.NONE, 0, 0, one);
  }
}
