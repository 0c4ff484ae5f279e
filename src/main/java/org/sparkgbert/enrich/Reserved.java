package org.sparkgbert.enrich;

import java.util.Locale;
import org.apache.spark.sql.types.StructType;

/** Names of columns that are there for a while only. */
final class Reserved {
  /** What they begin with. */
  static final String PREFIX = "spark_gbert_";

  private Reserved() {}

  /**
   * @param what what the columns are for, as in "Cannot enrich"
   * @throws IllegalArgumentException if a column has such a name
   */
  static void require(String what, StructType columns) {
    for (String name : columns.fieldNames()) {
      if (name.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
        throw new IllegalArgumentException(
            "Cannot %s: names of columns must not begin with %s, found %s"
                .formatted(what, PREFIX, name));
      }
    }
  }
}
