package org.sparkgbert.job;

import org.apache.spark.network.util.ByteUnit;
import org.apache.spark.network.util.JavaUtils;

/** Sizes as Spark's own settings write them: 512k, 256m, 8g. */
final class Sizes {
  private Sizes() {}

  /**
   * @throws IllegalArgumentException if the value is no size, with the option's name
   */
  static long bytes(String option, String value) {
    try {
      return JavaUtils.byteStringAs(value, ByteUnit.BYTE);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot run: %s must be a size such as 256m, found '%s'".formatted(option, value), e);
    }
  }
}
