package org.sparkgbert.lake;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Vectors in whichever form they are stored: floats, {@link Int8Vectors}, {@link BinaryVectors}.
 */
public final class StoredVectors {
  private static final String FLOATS = "spark_gbert_floats";

  private StoredVectors() {}

  /**
   * Rows whose column of vectors holds floats, whatever it held: the one place where stored vectors
   * become floats. Every job that reads embeddings reads them through it; columns of other types
   * stay as they are. The provenance still says how they were stored: of {@link BinaryVectors},
   * floats are signs about a mean, and can be compared with vectors about the same mean only.
   *
   * @param what what is done with them, as in "Cannot search"
   * @param column the column of vectors
   * @throws IllegalArgumentException if the column does not say how its bytes or bits are to be
   *     read; the message names it
   */
  public static Dataset<Row> asFloats(String what, Dataset<Row> rows, String column) {
    return asFloats(what, rows, column, column);
  }

  /**
   * The column by which rows are compared: a column of bytes or bits that the result keeps stays as
   * it is, and its floats are in a column of their own.
   *
   * @param column the column of vectors
   * @param kept columns that the result keeps
   */
  public static String compared(StructType schema, String column, List<String> kept) {
    DataType type = schema.apply(column).dataType();
    boolean isChanged = Int8Vectors.isIn(type) || type.equals(DataTypes.BinaryType);
    return isChanged && kept.contains(column) ? FLOATS : column;
  }

  /**
   * The same with the floats in a column of another name, behind all others.
   *
   * @param floats the name, as {@link #compared} gives it
   * @throws IllegalArgumentException likewise
   */
  public static Dataset<Row> asFloats(
      String what, Dataset<Row> rows, String column, String floats) {
    StructType schema = rows.schema();
    Optional<StructField> field =
        Arrays.stream(schema.fields()).filter(each -> each.name().equals(column)).findFirst();
    if (field.isEmpty()) {
      return rows;
    }
    DataType type = field.get().dataType();
    if (Int8Vectors.isIn(type)) {
      return with(rows, field.get(), floats, Int8Vectors.floats(what, schema, field.get()));
    }
    return type.equals(DataTypes.BinaryType)
        ? with(rows, field.get(), floats, BinaryVectors.signs(what, field.get()))
        : rows;
  }

  private static Dataset<Row> with(
      Dataset<Row> rows, StructField field, String name, Column vector) {
    return name.equals(field.name())
        ? replaced(rows, field, vector)
        : rows.select(functions.col("*"), vector.as(name, field.metadata()));
  }

  /** Rows with another value in a column, under the same name. */
  static Dataset<Row> replaced(Dataset<Row> rows, StructField field, Column value) {
    return rows.select(
        List.of(rows.schema().fields()).stream()
            .map(
                each ->
                    each.name().equals(field.name())
                        ? value.as(each.name(), field.metadata())
                        : ColumnNames.column(each.name()))
            .toArray(Column[]::new));
  }

  /**
   * A column that stores vectors in another form.
   *
   * @param change what becomes of their provenance, if the column has any
   */
  static StructField field(
      StructField field, DataType type, UnaryOperator<EmbeddingProvenance> change) {
    return new StructField(
        field.name(),
        type,
        field.nullable(),
        EmbeddingProvenance.of(field)
            .map(change)
            .map(
                made ->
                    new MetadataBuilder()
                        .withMetadata(field.metadata())
                        .withMetadata(made.toMetadata())
                        .build())
            .orElse(field.metadata()));
  }
}
