package org.sparkgbert.search;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Packs what {@link PackRows} does, from batches of columns: embeddings are copied as a whole. */
final class PackColumns implements FlatMapFunction<Iterator<ColumnarBatch>, PackedRow> {
  private static final long serialVersionUID = 1L;

  private final StructType key;
  private final int[] places;

  /**
   * @param key columns of the key
   * @param places where batches hold them, and then the embedding
   */
  PackColumns(StructType key, int[] places) {
    this.key = key;
    this.places = places.clone();
  }

  @Override
  public Iterator<PackedRow> call(Iterator<ColumnarBatch> batches) {
    return new Rows(batches);
  }

  private final class Rows implements Iterator<PackedRow> {
    private final Iterator<ColumnarBatch> batches;
    private final UnsafeProjection keyOf = UnsafeProjection.create(key);
    private ColumnarBatch keys;
    private ColumnVector embeddings;
    private boolean mayHoldNulls;
    private int rows;
    private int row;

    private Rows(Iterator<ColumnarBatch> batches) {
      this.batches = batches;
    }

    @Override
    public boolean hasNext() {
      while (row == rows && batches.hasNext()) {
        open(batches.next());
      }
      return row < rows;
    }

    private void open(ColumnarBatch batch) {
      ColumnVector[] keyColumns =
          IntStream.range(0, key.size())
              .mapToObj(i -> batch.column(places[i]))
              .toArray(ColumnVector[]::new);
      rows = batch.numRows();
      row = 0;
      keys = new ColumnarBatch(keyColumns, rows);
      embeddings = batch.column(places[key.size()]);
      mayHoldNulls =
          !(embeddings instanceof WritableColumnVector writable) || writable.arrayData().hasNull();
    }

    @Override
    public PackedRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      byte[] packed = keyOf.apply(keys.getRow(row)).copy().getBytes();
      float[] vector = embeddings.isNullAt(row) ? null : vector(embeddings.getArray(row));
      row++;
      return new PackedRow(packed, vector);
    }

    private float[] vector(ColumnarArray elements) {
      if (!mayHoldNulls) {
        return elements.toFloatArray();
      }
      // A whole array must not be copied: what stands for a null may not be in a dictionary.
      float[] vector = new float[elements.numElements()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = elements.isNullAt(i) ? Float.NaN : elements.getFloat(i);
      }
      return vector;
    }
  }
}
