package org.sparkgbert.lake;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** How Parquet files with vectors are written. */
public final class VectorFiles {
  private VectorFiles() {}

  /**
   * Options of Spark's writer. Dictionaries never pay for vectors, and trying one costs time.
   *
   * @param schema columns of the rows
   */
  public static Map<String, String> options(StructType schema) {
    Map<String, String> options = new HashMap<>();
    options.put("compression", "zstd");
    options.put("parquet.page.write-checksum.enabled", "true");
    Arrays.stream(schema.fields())
        .filter(VectorFiles::isVector)
        .forEach(
            field ->
                options.put(
                    "parquet.enable.dictionary#" + field.name() + ".list.element", "false"));
    return options;
  }

  private static boolean isVector(StructField field) {
    return field.dataType() instanceof ArrayType array
        && array.elementType().equals(DataTypes.FloatType);
  }
}
