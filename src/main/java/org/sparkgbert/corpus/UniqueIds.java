package org.sparkgbert.corpus;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes sure that ids are unique. */
public final class UniqueIds {
  private static final String ID = "id";
  private static final String ROWS = "rows";

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
            .agg(count(lit(1)).as(ROWS))
            .where(col(ROWS).gt(1))
            .orderBy(id)
            .limit(1)
            .collectAsList();
    if (!twice.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot %s: ids must be unique, found %s = %s in %d rows"
              .formatted(what, idColumn, text(twice.get(0).get(0)), twice.get(0).getLong(1)));
    }
  }

  /**
   * Checks the ids of all rows, none of which may be without one.
   *
   * @param what what they are for, as in "Cannot enrich"
   * @param ids the ids, one column
   * @param idColumn what it is called where the rows come from
   * @param where where they come from
   * @param remedy what else must be done once rows without an id are left out
   * @throws IllegalArgumentException if an id is null, or occurs twice
   */
  public static void requireInAll(
      String what, Dataset<Row> ids, String idColumn, String where, String remedy) {
    Column id = col(ID);
    Dataset<Row> byId = ids.toDF(ID).groupBy(id).agg(count(lit(1)).as(ROWS));
    Row found =
        byId.agg(max(when(id.isNotNull(), col(ROWS))), max(when(id.isNull(), col(ROWS)))).head();
    if (!found.isNullAt(1)) {
      throw new IllegalArgumentException(
          "Cannot %s: ids must not be null, found %d rows of the %s without %s; leave them out by --where%s"
              .formatted(what, found.getLong(1), where, idColumn, remedy));
    }
    if (!found.isNullAt(0) && found.getLong(0) > 1) {
      Row first = byId.where(col(ROWS).gt(1)).orderBy(id).head();
      throw new IllegalArgumentException(
          "Cannot %s: ids must be unique, found %s = %s in %d rows of the %s"
              .formatted(what, idColumn, text(first.get(0)), first.getLong(1), where));
    }
  }

  /** An id for display: bytes in hexadecimal digits, other values as Java prints them. */
  public static String text(Object id) {
    return id instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(id);
  }
}
