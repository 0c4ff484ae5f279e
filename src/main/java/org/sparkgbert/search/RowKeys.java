package org.sparkgbert.search;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Reads keys, that is ids and carried columns, in Spark's binary format. Values are Spark's own, so
 * none changes on the way.
 *
 * @param columns the id and the carried columns
 */
record RowKeys(StructType columns) implements Serializable {
  /** The value of a column; null if it is null. */
  Object value(byte[] key, int column) {
    return row(key).get(column, columns.apply(column).dataType());
  }

  private UnsafeRow row(byte[] key) {
    UnsafeRow row = new UnsafeRow(columns.size());
    row.pointTo(key, key.length);
    return row;
  }

  /**
   * The key of an id alone.
   *
   * @param id its value as users of Spark have it
   */
  byte[] ofId(Object id) {
    StructType column = new StructType().add(columns.apply(0));
    Object value =
        CatalystTypeConverters.createToCatalystConverter(column.apply(0).dataType()).apply(id);
    return UnsafeProjection.create(column)
        .apply(new GenericInternalRow(new Object[] {value}))
        .getBytes();
  }

  boolean hasId(byte[] key) {
    return !row(key).isNullAt(0);
  }

  Object id(byte[] key) {
    return value(key, 0);
  }

  /** The id as messages show it. */
  Object shownId(byte[] key) {
    DataType type = columns.apply(0).dataType();
    return CatalystTypeConverters.convertToScala(id(key), type);
  }
}
