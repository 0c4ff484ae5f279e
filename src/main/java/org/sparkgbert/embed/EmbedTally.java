package org.sparkgbert.embed;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.AccumulatorV2;

/**
 * Sums the work of all tasks on the driver. A task that runs twice counts twice: good enough for
 * progress and times, while row counts are read from the written table.
 *
 * <p><b>Threads:</b> safe; heartbeats read while tasks add.
 */
public final class EmbedTally extends AccumulatorV2<EmbedWork, EmbedWork> {
  private static final long serialVersionUID = 1L;

  private EmbedWork work = EmbedWork.NONE;

  /** A new tally that a session's tasks may add to. */
  public static EmbedTally registered(SparkSession spark) {
    EmbedTally tally = new EmbedTally();
    spark.sparkContext().register(tally, "spark-gbert");
    return tally;
  }

  @Override
  public synchronized boolean isZero() {
    return value().equals(EmbedWork.NONE);
  }

  @Override
  public synchronized EmbedTally copy() {
    EmbedTally copy = new EmbedTally();
    copy.work = value();
    return copy;
  }

  @Override
  public synchronized void reset() {
    work = EmbedWork.NONE;
  }

  @Override
  public synchronized void add(EmbedWork more) {
    work = value().plus(more);
  }

  @Override
  public void merge(AccumulatorV2<EmbedWork, EmbedWork> other) {
    add(other.value());
  }

  /** A task's tally is known to Spark's heartbeat before it has been read from the stream. */
  @Override
  public synchronized EmbedWork value() {
    return work == null ? EmbedWork.NONE : work;
  }
}
