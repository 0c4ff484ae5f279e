package org.sparkgbert.cluster;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Samples by a hash, so that they do not depend on partitions. */
final class SampledHash {
  private static final double RANGE = 0x1p64;

  private SampledHash() {}

  /** Whether a 64-bit hash is in the lowest share of all; a share from 1 is all. */
  static Column isBelow(Column hash, double share) {
    return share >= 1 ? functions.lit(true) : hash.lt((long) (Long.MIN_VALUE + share * RANGE));
  }
}
