package org.sparkgbert.lake;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
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

  private static final DataType BYTES = DataTypes.createArrayType(DataTypes.ByteType, false);

  /** What is computed in Spark's plans. */
  private enum Step implements VectorExpression.Function {
    /** Of floats, the bytes. */
    ROUNDED {
      @Override
      public DataType type() {
        return BYTES;
      }

      @Override
      public Object of(Object vector, Object none) {
        return UnsafeArrayData.fromPrimitiveArray(rounded(((ArrayData) vector).toFloatArray()));
      }
    },
    /** Of floats, their scale. */
    SCALE {
      @Override
      public DataType type() {
        return DataTypes.FloatType;
      }

      @Override
      public Object of(Object vector, Object none) {
        return scale(((ArrayData) vector).toFloatArray());
      }
    },
    /** Of bytes and their scale, the floats. */
    FLOATS {
      @Override
      public DataType type() {
        return DataTypes.createArrayType(DataTypes.FloatType, false);
      }

      @Override
      public Object of(Object vector, Object scale) {
        if (scale == null) {
          throw new IllegalArgumentException(
              "Cannot read embeddings: a row has bytes and no scale; jobs/check.sh says more");
        }
        byte[] bytes = ((ArrayData) vector).toByteArray();
        return UnsafeArrayData.fromPrimitiveArray(floats(bytes, (Float) scale));
      }
    };

    /** A scale may be missing. */
    @Override
    public boolean mayThrow() {
      return this == FLOATS;
    }
  }

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
                .add(
                    StoredVectors.field(
                        field, BYTES, made -> made.withOutputPrecision(OutputPrecision.INT8)))
                .add(columns.scale(), DataTypes.FloatType, true);
      } else {
        rounded = rounded.add(field);
      }
    }
    return rounded;
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
                        ? VectorExpression.column(Step.ROUNDED, vector)
                            .as(field.name(), field.metadata())
                        : field.name().equals(columns.scale())
                            ? VectorExpression.column(Step.SCALE, vector).as(field.name())
                            : ColumnNames.column(field.name()))
            .toArray(Column[]::new));
  }

  /**
   * Floats of such a column; see {@link StoredVectors#asFloats}.
   *
   * @throws IllegalArgumentException if there is no scale, or the column's provenance does not know
   *     of bytes; the message names the column
   */
  static Column floats(String what, StructType schema, StructField field) {
    String scale = new EmbeddingColumns(field.name()).scale();
    requireScale(what, schema, field.name(), scale);
    EmbeddingProvenance.of(field)
        .filter(made -> made.elements() != OutputPrecision.INT8)
        .ifPresent(
            made -> {
              throw new IllegalArgumentException(
                  "Cannot %s by column '%s': it is %s, and what made it says that it holds %s; give the table as it was written"
                      .formatted(
                          what,
                          field.name(),
                          field.dataType().simpleString(),
                          Labels.of(made.elements())));
            });
    return VectorExpression.column(
        Step.FLOATS, ColumnNames.column(field.name()), ColumnNames.column(scale));
  }

  /** Bytes of other tools may have a range per dimension, by which nothing can be compared here. */
  private static void requireScale(String what, StructType schema, String column, String scale) {
    if (!ColumnNames.has(schema, scale, "float")) {
      throw new IllegalArgumentException(
          "Cannot %s by column '%s': it is array<tinyint>, and there is no float column '%s' with the scale of each vector; without it, bytes may have a range per dimension, and no similarity of theirs is right"
              .formatted(what, column, scale));
    }
  }
}
