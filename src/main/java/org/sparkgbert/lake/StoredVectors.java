package org.sparkgbert.lake;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
    StructType schema = rows.schema();
    Optional<StructField> field =
        Arrays.stream(schema.fields()).filter(each -> each.name().equals(column)).findFirst();
    if (field.isEmpty()) {
      return rows;
    }
    DataType type = field.get().dataType();
    if (Int8Vectors.isIn(type)) {
      return replaced(rows, field.get(), Int8Vectors.floats(what, schema, field.get()));
    }
    return type.equals(DataTypes.BinaryType)
        ? replaced(rows, field.get(), BinaryVectors.signs(what, field.get()))
        : rows;
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
