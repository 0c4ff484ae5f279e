package org.sparkgbert.convert;

import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.settings.Labels;

/** Whether attention is int8 where much would be lost by it. */
public enum Int8Attention {
  /**
   * That of the first half of the layers stays float32 if too much is lost otherwise at some length
   * of texts.
   */
  MEASURED,
  /** Int8, whatever is lost: the loss is measured and reported. */
  ALWAYS;

  /** Whatever is lost is lost in int8 alone. */
  void requireFor(ElementType precision) {
    if (this == ALWAYS && precision != ElementType.INT8) {
      throw new IllegalArgumentException(
          "Cannot import model: attention is always int8 only in precision int8, found %s"
              .formatted(Labels.of(precision)));
    }
  }
}
