package org.sparkgbert.onnx;

import org.sparkgbert.settings.Labels;

/** What a {@link LayerProduct} multiplies. */
public enum ProductPrecision {
  /** Four bytes on both sides. */
  FLOAT32,
  /** Two bytes on both sides, for GPUs. */
  FLOAT16,
  /** Unsigned bytes by signed bytes with one scale per column, for CPUs; the result is float32. */
  INT8;

  /** As in manifests: the name in lower case. */
  public String label() {
    return Labels.of(this);
  }
}
