package org.sparkgbert.search;

import java.util.Comparator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.util.TypeUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.ColumnNames;

/** The order of ids: Spark's, but strings by their bytes, since a collation may equate some. */
final class IdOrder {
  private IdOrder() {}

  /** A column of ids, to sort by. */
  static Column column(StructField id) {
    return of(ColumnNames.column(id.name()), id.dataType());
  }

  /** The same for a column of that type. */
  static Column of(Column id, DataType type) {
    return type instanceof StringType ? id.cast(DataTypes.StringType) : id;
  }

  /** The same order for Spark's own values of that type, none of them null. */
  static Comparator<Object> values(DataType type) {
    return TypeUtils.getInterpretedOrdering(
        type instanceof StringType ? DataTypes.StringType : type);
  }
}
