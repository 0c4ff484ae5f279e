package org.sparkgbert.lake;

import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.bitset.BitSetMethods;

/** Finds nulls in arrays; in Spark's own format, a word of null bits at a time. */
public final class ArrayNulls {
  private ArrayNulls() {}

  /** Whether an element is null. */
  public static boolean in(ArrayData array) {
    int elements = array.numElements();
    if (array instanceof UnsafeArrayData unsafe) {
      int header = UnsafeArrayData.calculateHeaderPortionInBytes(elements);
      return BitSetMethods.anySet(
          unsafe.getBaseObject(),
          unsafe.getBaseOffset() + Long.BYTES,
          (header - Long.BYTES) / Long.BYTES);
    }
    for (int i = 0; i < elements; i++) {
      if (array.isNullAt(i)) {
        return true;
      }
    }
    return false;
  }
}
