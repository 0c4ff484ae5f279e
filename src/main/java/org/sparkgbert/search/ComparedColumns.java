package org.sparkgbert.search;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What columns that rows are compared by must be like. */
final class ComparedColumns {
  private ComparedColumns() {}

  /**
   * @param what what is done by the column, as in "Cannot find partners by column"
   * @throws IllegalArgumentException if values of the column have no order
   */
  static void requireOrder(String what, StructField id) {
    if (!RowOrdering.isOrderable(id.dataType())) {
      throw new IllegalArgumentException(
          "Cannot %s by column '%s': ids must have an order, found %s"
              .formatted(what, id.name(), id.dataType().simpleString()));
    }
  }

  /**
   * @throws IllegalArgumentException if the column does not hold vectors
   */
  static void requireFloats(String what, StructField embedding) {
    if (!(embedding.dataType() instanceof ArrayType array
        && array.elementType().equals(DataTypes.FloatType))) {
      throw new IllegalArgumentException(
          "Cannot %s by column '%s': it must be array<float>, found %s"
              .formatted(what, embedding.name(), embedding.dataType().simpleString()));
    }
  }

  /**
   * @throws IllegalArgumentException if two columns of a result have the same name
   */
  static void requireUnique(String what, StructType result) {
    Set<String> names = new HashSet<>();
    for (String name : result.fieldNames()) {
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "Cannot %s: the result's columns must differ in name, found '%s' twice"
                .formatted(what, name));
      }
    }
  }
}
