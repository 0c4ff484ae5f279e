package org.sparkgbert.plan;

import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;

/** Computes columns for the rows of one partition, a window of rows at a time. */
public interface PartitionColumns extends AutoCloseable {
  /**
   * Adds a row to the window.
   *
   * @param row stays valid
   * @return whether the window takes more rows
   */
  boolean add(InternalRow row);

  /**
   * Computes the new columns of the window's rows, and empties the window.
   *
   * @param readNanos time that the rows took to arrive, in nanoseconds
   * @return a row of new columns for each row, in their order
   */
  Iterator<InternalRow> compute(long readNanos);

  /** Called once at the end of the task, whether it failed or not. */
  @Override
  void close();
}
