package org.sparkgbert.enrich;

import java.util.Optional;

/**
 * The columns that a run fills.
 *
 * @param columns the columns
 * @param old columns with vectors of another model, which stay where their texts are the same;
 *     empty if there are none
 * @param ofOthers rows in {@code columns} with vectors of another model, which are encoded again
 */
record TargetColumns(EnrichedColumns columns, Optional<EnrichedColumns> old, long ofOthers) {
  private static final int DIGITS = 8;

  /** Those of a model that the table knows, or that has none yet. */
  static TargetColumns same(EnrichedColumns columns) {
    return new TargetColumns(columns, Optional.empty(), 0);
  }

  /** New columns beside old ones. */
  static TargetColumns beside(EnrichedColumns old, RunModel model) {
    return new TargetColumns(
        old.withSuffix("_" + model.fingerprint().substring(0, DIGITS)), Optional.of(old), 0);
  }
}
