package org.sparkgbert.enrich;

import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VariantType;
import org.sparkgbert.corpus.ColumnNames;

/** Ids that tell rows apart. */
final class Ids {
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
}
