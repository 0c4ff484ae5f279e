package org.sparkgbert.search;

import java.io.Serializable;
import org.sparkgbert.vector.Similarity;

/** A row on its way over the driver. It is no record, since Kryo cannot serialize those. */
final class PackedRow implements Serializable {
  private static final long serialVersionUID = 1;

  private final byte[] key;
  private final float[] vector;

  /**
   * @param key its id and carried columns, in Spark's binary format; see {@link RowKeys}
   * @param vector its embedding, with NaN for null elements; null if it has none
   */
  PackedRow(byte[] key, float[] vector) {
    this.key = key;
    this.vector = vector;
  }

  byte[] key() {
    return key;
  }

  float[] vector() {
    return vector;
  }

  /** Whether it can be compared: all elements are finite, and a similarity is defined for it. */
  boolean isUsable(Similarity similarity) {
    if (vector == null || vector.length == 0) {
      return false;
    }
    boolean isZero = true;
    for (float element : vector) {
      if (!Float.isFinite(element)) {
        return false;
      }
      isZero &= element == 0;
    }
    return !isZero || similarity.isDefinedForZeroVectors();
  }
}
