package org.sparkgbert.corpus;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes sure that ids are unique. */
public final class UniqueIds {
  private UniqueIds() {}

  /**
   * Checks the ids of all rows.
   *
   * @param what what they are for, as in "Cannot find partners"
   * @throws IllegalArgumentException if an id that is not null occurs in more than one row
   */
  public static void require(String what, Dataset<Row> rows, String idColumn) {
    Column id = ColumnNames.column(idColumn);
    List<Row> twice =
        rows.where(id.isNotNull())
            .groupBy(id)
            .agg(count(lit(1)).as("rows"))
            .where("rows > 1")
            .orderBy(id)
            .limit(1)
            .collectAsList();
    if (!twice.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot %s: ids must be unique, found %s = %s in %d rows"
              .formatted(what, idColumn, text(twice.get(0).get(0)), twice.get(0).getLong(1)));
    }
  }

  /** An id for display: bytes in hexadecimal digits, other values as Java prints them. */
  public static String text(Object id) {
    return id instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(id);
  }
}
