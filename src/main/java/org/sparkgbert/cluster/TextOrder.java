package org.sparkgbert.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** Orders of texts. */
final class TextOrder {
  /** That of Spark, by bytes in UTF-8, which is by code points; Java's own is by UTF-16 units. */
  static final Comparator<String> BY_CODE_POINTS =
      Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private TextOrder() {}
}
