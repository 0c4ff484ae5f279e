package org.sparkgbert.search;

import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.lake.ArrayNulls;

/**
 * Packs Spark's internal rows for the way over the driver or into blocks. Their last column is the
 * embedding, an {@code array<float>}; the others are the key, which is never decoded.
 */
final class PackRows implements FlatMapFunction<Iterator<InternalRow>, PackedRow> {
  private static final long serialVersionUID = 1L;

  private final StructType key;

  /**
   * @param key columns of the key
   */
  PackRows(StructType key) {
    this.key = key;
  }

  /**
   * The rows of a table that has the columns of the key and then the embedding. They are packed
   * from columns where Spark reads such, and are the same either way.
   */
  static JavaRDD<PackedRow> of(Dataset<Row> rows, StructType key) {
    QueryExecution query = ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution();
    return PlanColumns.of(query)
        .map(
            columns -> columns.batches(query).mapPartitions(new PackColumns(key, columns.places())))
        .orElseGet(() -> internal(rows).mapPartitions(new PackRows(key)));
  }

  /** A table as Spark's internal rows, which are reused: the next one takes the place of one. */
  static JavaRDD<InternalRow> internal(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().toRdd().toJavaRDD();
  }

  @Override
  public Iterator<PackedRow> call(Iterator<InternalRow> rows) {
    UnsafeProjection keyOf = UnsafeProjection.create(key);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public PackedRow next() {
        InternalRow row = rows.next();
        return new PackedRow(keyOf.apply(row).copy().getBytes(), vector(row, key.size()));
      }
    };
  }

  /** The embedding in a column, with NaN for null elements; null if there is none. */
  static float[] vector(InternalRow row, int column) {
    if (row.isNullAt(column)) {
      return null;
    }
    ArrayData elements = row.getArray(column);
    float[] vector = elements.toFloatArray();
    if (ArrayNulls.in(elements)) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = elements.isNullAt(i) ? Float.NaN : vector[i];
      }
    }
    return vector;
  }
}
