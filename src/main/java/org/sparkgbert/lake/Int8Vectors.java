package org.sparkgbert.lake;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.settings.Labels;

/**
 * Vectors with a byte per element: {@code array<tinyint>}, and a {@code float} in a column of its
 * own by which each element is multiplied. Elements are symmetric about zero, from -127 to 127; the
 * scale is the vector's largest magnitude divided by 127, and 0 for a zero vector.
 *
 * <p>The scale is rounded so that vectors that are read as floats and rounded again are the same,
 * bit for bit; by that it is off by one unit in the last place at most.
 */
public final class Int8Vectors {
  /** Largest magnitude of an element. */
  private static final float MOST = 127;

  private static final String FLOATS = "spark_gbert_floats";

  private static final DataType BYTES = DataTypes.createArrayType(DataTypes.ByteType, false);

  private Int8Vectors() {}

  /**
   * The scale of a vector.
   *
   * @param vector finite values
   */
  static float scale(float[] vector) {
    float largest = 0;
    for (float value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    float scale = (float) (largest / (double) MOST);
    return (float) (scale * MOST / (double) MOST);
  }

  /** Each element divided by the scale and rounded, half to even. */
  static byte[] rounded(float[] vector) {
    double scale = scale(vector);
    byte[] rounded = new byte[vector.length];
    if (scale > 0) {
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (byte) Math.max(-MOST, Math.min(MOST, Math.rint(vector[i] / scale)));
      }
    }
    return rounded;
  }

  /** Each element times the scale. */
  static float[] floats(byte[] rounded, float scale) {
    float[] vector = new float[rounded.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = rounded[i] * scale;
    }
    return vector;
  }

  /** Whether a column has such elements. */
  public static boolean isIn(DataType type) {
    return type instanceof ArrayType array && array.elementType().equals(DataTypes.ByteType);
  }

  /**
   * A schema with the columns of vectors rounded: the vector's column, and behind it its scale.
   *
   * @throws IllegalArgumentException if it has a column of that name already
   */
  public static StructType schema(StructType floats, EmbeddingColumns columns) {
    if (List.of(floats.fieldNames()).stream().anyMatch(columns.scale()::equalsIgnoreCase)) {
      throw new IllegalArgumentException(
          "Cannot add column %s: the input already has one; choose another name for the embedding column"
              .formatted(columns.scale()));
    }
    StructType rounded = new StructType();
    for (StructField field : floats.fields()) {
      if (field.name().equals(columns.embedding())) {
        rounded =
            rounded
                .add(new StructField(field.name(), BYTES, field.nullable(), metadata(field)))
                .add(columns.scale(), DataTypes.FloatType, true);
      } else {
        rounded = rounded.add(field);
      }
    }
    return rounded;
  }

  private static Metadata metadata(StructField field) {
    return EmbeddingProvenance.of(field)
        .map(made -> made.withOutputPrecision(OutputPrecision.INT8))
        .map(
            made ->
                new MetadataBuilder()
                    .withMetadata(field.metadata())
                    .withMetadata(made.toMetadata())
                    .build())
        .orElse(field.metadata());
  }

  /** Rows as {@link #schema} says, of rows whose vectors are floats. */
  public static Dataset<Row> rounded(Dataset<Row> rows, EmbeddingColumns columns) {
    StructType schema = schema(rows.schema(), columns);
    Column vector = ColumnNames.column(columns.embedding());
    return rows.select(
        List.of(schema.fields()).stream()
            .map(
                field ->
                    field.name().equals(columns.embedding())
                        ? of(Int8Expression.Kind.ROUNDED, vector).as(field.name(), field.metadata())
                        : field.name().equals(columns.scale())
                            ? of(Int8Expression.Kind.SCALE, vector).as(field.name())
                            : ColumnNames.column(field.name()))
            .toArray(Column[]::new));
  }

  /**
   * Rows whose column of vectors holds floats, whatever it held: the one place where rounded
   * vectors become floats. Every job that reads embeddings reads them through it; columns of other
   * types stay as they are. The provenance still says that elements were rounded.
   *
   * @param what what is done with them, as in "Cannot search"
   * @param column the column of vectors
   * @throws IllegalArgumentException if elements are bytes and there is no scale, or the column's
   *     provenance does not know of bytes; the message names the column
   */
  public static Dataset<Row> asFloats(String what, Dataset<Row> rows, String column) {
    return asFloats(what, rows, column, column);
  }

  /**
   * The column by which rows are compared: a column of bytes that the result keeps stays as it is,
   * and its floats are in a column of their own.
   *
   * @param column the column of vectors
   * @param kept columns that the result keeps
   */
  public static String compared(StructType schema, String column, List<String> kept) {
    return kept.contains(column) && isIn(schema.apply(column).dataType()) ? FLOATS : column;
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
        List.of(schema.fields()).stream().filter(each -> each.name().equals(column)).findFirst();
    if (field.isEmpty() || !isIn(field.get().dataType())) {
      return rows;
    }
    String scale = new EmbeddingColumns(column).scale();
    requireScale(what, schema, column, scale);
    Optional<EmbeddingProvenance> made = EmbeddingProvenance.of(field.get());
    if (made.isPresent() && !made.get().isRounded()) {
      throw new IllegalArgumentException(
          "Cannot %s by column '%s': it is %s, and what made it says that it holds %s; give the table as it was written"
              .formatted(
                  what,
                  column,
                  field.get().dataType().simpleString(),
                  Labels.of(OutputPrecision.FLOAT32)));
    }
    Column vector =
        floats(ColumnNames.column(column), ColumnNames.column(scale))
            .as(floats, field.get().metadata());
    if (!floats.equals(column)) {
      return rows.select(functions.col("*"), vector);
    }
    return rows.select(
        List.of(schema.fields()).stream()
            .map(each -> each.name().equals(column) ? vector : ColumnNames.column(each.name()))
            .toArray(Column[]::new));
  }

  private static Column floats(Column rounded, Column scale) {
    return of(Int8Expression.Kind.FLOATS, rounded, scale);
  }

  /** Bytes of other tools may have a range per dimension, by which nothing can be compared here. */
  private static void requireScale(String what, StructType schema, String column, String scale) {
    if (!ColumnNames.has(schema, scale, "float")) {
      throw new IllegalArgumentException(
          "Cannot %s by column '%s': it is array<tinyint>, and there is no float column '%s' with the scale of each vector; without it, bytes may have a range per dimension, and no similarity of theirs is right"
              .formatted(what, column, scale));
    }
  }

  private static Column of(Int8Expression.Kind kind, Column... inputs) {
    return ExpressionUtils.column(
        new Int8Expression(
            kind, List.of(inputs).stream().map(ExpressionUtils::expression).toList()));
  }
}
