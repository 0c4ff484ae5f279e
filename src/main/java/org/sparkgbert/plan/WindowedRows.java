package org.sparkgbert.plan;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;

/**
 * Rows of a partition with new columns, a window of rows at a time. Memory is bounded by the
 * window, whatever the length of the partition. As everywhere in Spark, a row is valid until the
 * next one is asked for.
 */
final class WindowedRows implements Iterator<InternalRow> {
  /** A window takes no more rows once it holds so many bytes. */
  static final long WINDOW_BYTES = 64L << 20;

  private final Iterator<InternalRow> input;
  private final PartitionColumns columns;
  private final UnsafeProjection inBytes;
  private final UnsafeProjection columnsInBytes;
  private final RowJoiner joiner;
  private final Queue<UnsafeRow> rows = new ArrayDeque<>();
  private Iterator<InternalRow> computed = Collections.emptyIterator();

  /**
   * @param rowTypes types of the rows
   * @param columnTypes types of the new columns
   */
  WindowedRows(
      Iterator<InternalRow> input,
      PartitionColumns columns,
      DataType[] rowTypes,
      DataType[] columnTypes) {
    this.input = input;
    this.columns = columns;
    inBytes = UnsafeProjection.create(rowTypes);
    columnsInBytes = UnsafeProjection.create(columnTypes);
    joiner = new RowJoiner(rowTypes, columnTypes);
  }

  @Override
  public boolean hasNext() {
    if (!computed.hasNext() && input.hasNext()) {
      nextWindow();
    }
    return computed.hasNext();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The partition has no more rows");
    }
    return joiner.join(rows.remove(), columnsInBytes.apply(computed.next()));
  }

  private void nextWindow() {
    long start = System.nanoTime();
    long bytes = 0;
    boolean takesMore = true;
    while (takesMore && bytes < WINDOW_BYTES && input.hasNext()) {
      UnsafeRow row = ownRow(input.next());
      rows.add(row);
      bytes += row.getSizeInBytes();
      takesMore = columns.add(row);
    }
    computed = columns.compute(System.nanoTime() - start);
  }

  /** Spark fills the same row again and again. */
  private UnsafeRow ownRow(InternalRow row) {
    return row instanceof UnsafeRow bytes ? bytes.copy() : inBytes.apply(row).copy();
  }
}
