package org.sparkgbert.corpus;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Columns by their exact names, dots and all. */
public final class ColumnNames {
  private ColumnNames() {}

  /** The column of that name, never a field inside another. */
  public static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /**
   * Whether there is a column of a name and a type.
   *
   * @param type its simple string, such as {@code array<float>}
   */
  public static boolean has(StructType schema, String name, String type) {
    return Arrays.stream(schema.fields())
        .anyMatch(
            field -> field.name().equals(name) && field.dataType().simpleString().equals(type));
  }

  /** The columns of those names. */
  public static Column[] columns(List<String> names) {
    return names.stream().map(ColumnNames::column).toArray(Column[]::new);
  }

  /**
   * @param what what the columns are for, as in "Cannot keep column"
   * @throws IllegalArgumentException if one is missing; the message lists the existing columns
   */
  public static void require(String what, List<String> names, StructType schema) {
    for (String name : names) {
      if (!Arrays.asList(schema.fieldNames()).contains(name)) {
        throw new IllegalArgumentException(
            "Cannot %s column '%s': there is no such column, found %s"
                .formatted(what, name, Arrays.toString(schema.fieldNames())));
      }
    }
  }

  /**
   * @param what what the column is for, as in "Cannot embed column"
   * @throws IllegalArgumentException if a column that is there is not a string
   */
  public static void requireString(String what, String name, StructType schema) {
    DataType type = schema.apply(name).dataType();
    if (!type.equals(DataTypes.StringType)) {
      throw new IllegalArgumentException(
          "Cannot %s column '%s': it must be a string, found %s"
              .formatted(what, name, type.simpleString()));
    }
  }
}
