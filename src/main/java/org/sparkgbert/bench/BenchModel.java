package org.sparkgbert.bench;

import java.util.Objects;
import org.sparkgbert.model.Bundle;

/**
 * A model to measure.
 *
 * @param name what tells it from the others
 * @param bundle the model
 * @param shape its shape
 */
record BenchModel(String name, Bundle bundle, ModelShape shape) {
  /** Checks that all is there. */
  public BenchModel {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(shape, "shape");
  }
}
