package org.sparkgbert.search;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.AccumulatorV2;

/** Counts the rows that tasks have read, by partition: one that is read again counts once. */
final class RowsRead extends AccumulatorV2<Long, Map<Integer, Long>> {
  private static final long serialVersionUID = 1L;

  private final ConcurrentHashMap<Integer, Long> byPartition = new ConcurrentHashMap<>();

  /** A new count that a session's tasks may add to. */
  static RowsRead registered(SparkSession spark) {
    RowsRead read = new RowsRead();
    spark.sparkContext().register(read, "spark-gbert rows");
    return read;
  }

  @Override
  public boolean isZero() {
    return value().isEmpty();
  }

  @Override
  public RowsRead copy() {
    RowsRead copy = new RowsRead();
    copy.byPartition.putAll(value());
    return copy;
  }

  @Override
  public void reset() {
    byPartition.clear();
  }

  /** Sets the rows of the running task's partition. */
  @Override
  public void add(Long rows) {
    byPartition.put(TaskContext.getPartitionId(), rows);
  }

  @Override
  public void merge(AccumulatorV2<Long, Map<Integer, Long>> other) {
    byPartition.putAll(other.value());
  }

  /** A task's count is known to Spark's heartbeat before it has been read from the stream. */
  @Override
  public Map<Integer, Long> value() {
    return byPartition == null ? Map.of() : byPartition;
  }

  /** Rows of all partitions. */
  long total() {
    return byPartition.values().stream().mapToLong(Long::longValue).sum();
  }
}
