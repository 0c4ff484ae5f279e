package org.sparkgbert.search;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Turns the last column, {@code array<float>}, into bytes, 4 per element, little-endian; a null
 * element becomes NaN.
 */
final class PackVectors implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        return pack(rows.next());
      }
    };
  }

  private static Row pack(Row row) {
    int last = row.size() - 1;
    Object[] values = new Object[row.size()];
    for (int i = 0; i < last; i++) {
      values[i] = row.get(i);
    }
    values[last] = row.isNullAt(last) ? null : bytes(row.getList(last));
    return RowFactory.create(values);
  }

  private static byte[] bytes(List<Float> vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(vector.size(), Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (Float element : vector) {
      bytes.putFloat(element == null ? Float.NaN : element);
    }
    return bytes.array();
  }

  /** The elements that {@link #bytes} packed. */
  static float[] floats(byte[] bytes) {
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }
}
