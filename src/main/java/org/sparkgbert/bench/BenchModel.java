package org.sparkgbert.bench;

import java.util.Objects;
import org.sparkgbert.model.Bundle;

/**
 * A model to measure.
 *
 * @param name distinguishes it from the others
 * @param bundle the model
 * @param shape its shape
 */
record BenchModel(String name, Bundle bundle, ModelShape shape) {
  /** Checks that nothing is null. */
  public BenchModel {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(shape, "shape");
  }
}
