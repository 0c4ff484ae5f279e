package org.sparkgbert.convert;

/** Whether attention is int8 where much would be lost by it. */
public enum Int8Attention {
  /**
   * That of the first half of the layers stays float32 if too much is lost otherwise at some length
   * of texts.
   */
  MEASURED,
  /** Int8, whatever is lost: the loss is measured and reported. */
  ALWAYS
}
