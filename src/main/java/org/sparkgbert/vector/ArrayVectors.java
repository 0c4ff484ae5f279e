package org.sparkgbert.vector;

import java.util.OptionalDouble;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.bitset.BitSetMethods;

/**
 * Measures of two vectors that Spark holds as arrays of floats. Public only because the code that
 * Spark generates calls it from another class loader.
 */
public final class ArrayVectors {
  private ArrayVectors() {}

  /**
   * The measure of two arrays of floats.
   *
   * @return null if an array holds a null, or for the cosine of a zero vector
   * @throws IllegalArgumentException if the dimensions differ; says which function was called
   */
  public static Float similarity(Similarity similarity, ArrayData left, ArrayData right) {
    if (left.numElements() != right.numElements()) {
      throw new IllegalArgumentException(
          "Cannot compute %s: the dimensions of the vectors differ, found %d and %d"
              .formatted(
                  VectorFunction.sqlName(similarity), left.numElements(), right.numElements()));
    }
    if (hasNull(left) || hasNull(right)) {
      return null;
    }
    OptionalDouble value =
        VectorKernels.similarity(similarity, left.toFloatArray(), right.toFloatArray());
    return value.isPresent() ? (Float) (float) value.getAsDouble() : null;
  }

  /** Whether an element is null. */
  static boolean hasNull(ArrayData array) {
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
