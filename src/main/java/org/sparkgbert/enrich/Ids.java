package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VariantType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.UniqueIds;

/** Ids that tell rows apart. */
final class Ids {
  private static final String ROWS = "rows";

  private Ids() {}

  /**
   * Checks the column of ids.
   *
   * @throws IllegalArgumentException if it is missing, or of a type that does not tell rows apart
   */
  static void requireType(StructType rows, String column) {
    ColumnNames.require("tell rows apart by", List.of(column), rows);
    DataType type = rows.apply(column).dataType();
    if (type instanceof ArrayType
        || type instanceof MapType
        || type instanceof StructType
        || type instanceof VariantType
        || type instanceof FloatType
        || type instanceof DoubleType) {
      throw new IllegalArgumentException(
          "Cannot tell rows apart by column '%s': it is %s; name another --id-column"
              .formatted(column, type.simpleString()));
    }
  }

  /**
   * Checks that ids of a corpus and of its table can be compared.
   *
   * @throws IllegalArgumentException if they are of different types, or the table has none
   */
  static void requireSameType(StructType corpus, StructType table, String column, String name) {
    ColumnNames.require("find rows of table %s by".formatted(name), List.of(column), table);
    String ofCorpus = corpus.apply(column).dataType().catalogString();
    String ofTable = table.apply(column).dataType().catalogString();
    if (!ofCorpus.equals(ofTable)) {
      throw new IllegalArgumentException(
          "Cannot enrich table %s: its column of ids '%s' is %s, found %s in the corpus; choose another output"
              .formatted(name, column, ofTable, ofCorpus));
    }
  }

  /**
   * Checks the ids of rows.
   *
   * @param rows column {@code id}
   * @param column what it is called where the rows come from
   * @param where where they come from
   * @return number of rows
   * @throws IllegalArgumentException if an id is null, or occurs twice
   */
  static long requireUnique(Dataset<Row> rows, String column, String where) {
    Column id = col(CurrentTable.ID);
    Dataset<Row> byId = rows.groupBy(id).agg(count(lit(1)).as(ROWS));
    Row found =
        byId.agg(
                functions.coalesce(functions.sum(ROWS), lit(0L)),
                functions.max(functions.when(id.isNotNull(), col(ROWS))),
                functions.max(functions.when(id.isNull(), col(ROWS))))
            .head();
    if (!found.isNullAt(2)) {
      throw new IllegalArgumentException(
          "Cannot enrich: ids must not be null, found %d rows of the %s without %s; leave them out by --where"
              .formatted(found.getLong(2), where, column));
    }
    if (!found.isNullAt(1) && found.getLong(1) > 1) {
      Row first = byId.where(col(ROWS).gt(1)).orderBy(id).head();
      throw new IllegalArgumentException(
          "Cannot enrich: ids must be unique, found %s = %s in %d rows of the %s"
              .formatted(column, UniqueIds.text(first.get(0)), first.getLong(1), where));
    }
    return found.getLong(0);
  }
}
