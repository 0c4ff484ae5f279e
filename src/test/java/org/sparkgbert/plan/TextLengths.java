package org.sparkgbert.plan;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** A function for tests: the length of a text, and the text again; it counts what it computes. */
record TextLengths(int windowRows) implements ColumnFunction {
  static final StructType COLUMNS =
      new StructType()
          .add("length", DataTypes.IntegerType)
          .add("same", DataTypes.StringType)
          .add("vector", DataTypes.createArrayType(DataTypes.FloatType, false));

  /** Rows of all tables, since tasks run in the JVM of the tests. */
  static final AtomicInteger ROWS = new AtomicInteger();

  static final AtomicInteger LARGEST_WINDOW = new AtomicInteger();
  static final AtomicInteger OPEN_PARTITIONS = new AtomicInteger();

  /** The table with lengths of its column of that name. */
  static Dataset<Row> of(Dataset<Row> table, String text) {
    return WithColumns.of(
        table, new TextLengths(3), List.of(table.schema().fieldIndex(text)), COLUMNS);
  }

  @Override
  public String operator() {
    return "TextLengths";
  }

  @Override
  public Map<String, SQLMetric> metrics(SparkContext context) {
    return Map.of("characters", SQLMetrics.createMetric(context, "characters"));
  }

  @Override
  public PartitionColumns begin(int[] inputs, Map<String, SQLMetric> metrics) {
    OPEN_PARTITIONS.incrementAndGet();
    return new Partition(inputs[0], windowRows, metrics.get("characters"));
  }

  private static final class Partition implements PartitionColumns {
    private final int text;
    private final int windowRows;
    private final SQLMetric characters;
    private final List<InternalRow> window = new ArrayList<>();

    private Partition(int text, int windowRows, SQLMetric characters) {
      this.text = text;
      this.windowRows = windowRows;
      this.characters = characters;
    }

    @Override
    public boolean add(InternalRow row) {
      window.add(lengths(row.isNullAt(text) ? null : row.getUTF8String(text).clone()));
      return window.size() < windowRows;
    }

    private InternalRow lengths(UTF8String value) {
      int length = value == null ? -1 : value.numChars();
      characters.add(Math.max(length, 0));
      return new GenericInternalRow(
          new Object[] {
            length,
            value,
            value == null ? null : UnsafeArrayData.fromPrimitiveArray(new float[] {length, 0.5f})
          });
    }

    @Override
    public Iterator<InternalRow> compute(long readNanos) {
      ROWS.addAndGet(window.size());
      LARGEST_WINDOW.accumulateAndGet(window.size(), Math::max);
      List<InternalRow> computed = List.copyOf(window);
      window.clear();
      return computed.iterator();
    }

    @Override
    public void close() {
      OPEN_PARTITIONS.decrementAndGet();
    }
  }

  @Override
  public String toString() {
    return "in windows of " + windowRows;
  }
}
