package org.sparkgbert.corpus;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The types that a column has in the files of a corpus.
 *
 * @param files the files
 * @param isExact whether upper and lower case differ in names
 */
record ColumnTypes(List<CorpusFile> files, boolean isExact) {
  /**
   * Makes sure that a column has one type in all files that have it.
   *
   * @throws IllegalArgumentException if two differ in a way that Spark does not read over; the
   *     message names both files
   */
  void requireSame(String column) {
    CorpusFile first = null;
    for (CorpusFile file : files) {
      Optional<DataType> type = type(file, column);
      if (first == null && type.isPresent()) {
        first = file;
      } else if (type.isPresent() && !isSame(type(first, column).orElseThrow(), type.get())) {
        throw new IllegalArgumentException(
            "Cannot read column '%s': it is %s in the file %s and %s in %s; write all files with one type, or read them apart"
                .formatted(
                    column,
                    type(first, column).orElseThrow().simpleString(),
                    first.path(),
                    type.get().simpleString(),
                    file.path()));
      }
    }
  }

  /** The same for all columns. */
  void requireSame() {
    files.stream()
        .flatMap(file -> Arrays.stream(file.types().fieldNames()))
        .distinct()
        .forEach(this::requireSame);
  }

  private Optional<DataType> type(CorpusFile file, String column) {
    return type(file.types(), column);
  }

  private Optional<DataType> type(StructType types, String column) {
    return Arrays.stream(types.fields())
        .filter(
            field -> isExact ? field.name().equals(column) : field.name().equalsIgnoreCase(column))
        .findFirst()
        .map(StructField::dataType);
  }

  /** Spark finds one type for structs with other fields, and for decimals with other digits. */
  private boolean isSame(DataType one, DataType other) {
    if (one instanceof StructType inside && other instanceof StructType outside) {
      return Arrays.stream(inside.fields())
          .allMatch(
              field ->
                  type(outside, field.name())
                      .map(type -> isSame(field.dataType(), type))
                      .orElse(true));
    }
    if (one instanceof ArrayType inside && other instanceof ArrayType outside) {
      return isSame(inside.elementType(), outside.elementType());
    }
    if (one instanceof MapType inside && other instanceof MapType outside) {
      return isSame(inside.keyType(), outside.keyType())
          && isSame(inside.valueType(), outside.valueType());
    }
    if (one instanceof DecimalType few && other instanceof DecimalType many) {
      return few.scale() == many.scale();
    }
    return one.equals(other) || (isTime(one) && isTime(other));
  }

  private static boolean isTime(DataType type) {
    return type instanceof TimestampType || type instanceof TimestampNTZType;
  }
}
