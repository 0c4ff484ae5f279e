package org.sparkgbert.lake;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Vectors with a bit per element: {@code binary}. A bit is set where the element is greater than
 * the mean of that dimension, which the provenance of the column has. Bits are packed as NumPy's
 * {@code packbits} does: the first element is the most significant bit of the first byte, and bits
 * that are left over in the last byte are 0.
 *
 * <p>As floats they are signs: 1 where the bit is set, else -1. So they are directions in the space
 * whose origin is the mean. The cosine of two is 1 - 2h/d, where h of d bits differ; the cosine of
 * signs and a vector from which the mean was subtracted ({@link #centred}) is finer.
 */
public final class BinaryVectors {
  /** Digits of a mean: more than bits can tell, and few enough for column metadata. */
  private static final MathContext DIGITS = new MathContext(7);

  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

  /** A function whose results are floats. */
  private interface ToFloats extends VectorExpression.Function {
    @Override
    default DataType type() {
      return FLOATS;
    }
  }

  /** Of floats, the bits. */
  private record Bits(List<Double> mean) implements VectorExpression.Function {
    @Override
    public DataType type() {
      return DataTypes.BinaryType;
    }

    @Override
    public Object of(Object vector, Object none) {
      return bits(((ArrayData) vector).toFloatArray(), mean);
    }
  }

  /** Of bits, their signs. */
  private record Signs(int dimension) implements ToFloats {
    @Override
    public Object of(Object bits, Object none) {
      return UnsafeArrayData.fromPrimitiveArray(signs((byte[]) bits, dimension));
    }
  }

  /** Of floats, their differences from a mean. */
  private record Centred(List<Double> mean) implements ToFloats {
    @Override
    public Object of(Object vector, Object none) {
      float[] floats = ((ArrayData) vector).toFloatArray();
      return UnsafeArrayData.fromPrimitiveArray(centred(floats, mean));
    }
  }

  /** Of signs, floats that have these bits about a mean. */
  private record Restored(List<Double> mean) implements ToFloats {
    @Override
    public Object of(Object vector, Object none) {
      float[] signs = ((ArrayData) vector).toFloatArray();
      return UnsafeArrayData.fromPrimitiveArray(restored(signs, mean));
    }
  }

  private BinaryVectors() {}

  /** Bytes of a vector. */
  public static int bytes(int dimension) {
    return (dimension + Byte.SIZE - 1) / Byte.SIZE;
  }

  /**
   * A mean as it is stored, with seven digits.
   *
   * @param values finite
   */
  public static List<Double> mean(double[] values) {
    return Arrays.stream(values)
        .mapToObj(value -> new BigDecimal(value).round(DIGITS).doubleValue())
        .toList();
  }

  /** A bit for each element, set where it is greater than its mean. */
  static byte[] bits(float[] vector, List<Double> mean) {
    requireDimension(vector.length, mean.size());
    byte[] bits = new byte[bytes(vector.length)];
    for (int i = 0; i < vector.length; i++) {
      if (vector[i] > mean.get(i)) {
        bits[i / Byte.SIZE] |= (byte) (1 << (Byte.SIZE - 1 - i % Byte.SIZE));
      }
    }
    return bits;
  }

  /** 1 for each bit that is set, -1 for each other. */
  static float[] signs(byte[] bits, int dimension) {
    if (bits.length != bytes(dimension)) {
      throw new IllegalArgumentException(
          "Cannot read embeddings: a row must have %d bytes, as %d bits need, found %d; jobs/check.sh says more"
              .formatted(bytes(dimension), dimension, bits.length));
    }
    float[] signs = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      int shift = Byte.SIZE - 1 - i % Byte.SIZE;
      signs[i] = ((bits[i / Byte.SIZE] >> shift) & 1) == 1 ? 1 : -1;
    }
    return signs;
  }

  /** Each element without its mean. */
  static float[] centred(float[] vector, List<Double> mean) {
    requireDimension(vector.length, mean.size());
    float[] centred = new float[vector.length];
    for (int i = 0; i < centred.length; i++) {
      centred[i] = (float) (vector[i] - mean.get(i));
    }
    return centred;
  }

  /** A vector whose bits have these signs; about any mean, by a distance that no float loses. */
  static float[] restored(float[] signs, List<Double> mean) {
    float[] vector = new float[signs.length];
    for (int i = 0; i < vector.length; i++) {
      double centre = mean.get(i);
      vector[i] = (float) (centre + signs[i] * Math.max(1, Math.abs(centre)));
    }
    return vector;
  }

  private static void requireDimension(int found, int dimension) {
    if (found != dimension) {
      throw new IllegalArgumentException(
          "Cannot read embeddings: a row has %d dimensions, and their mean has %d"
              .formatted(found, dimension));
    }
  }

  /** A schema whose vectors are bits, without what made them. */
  public static StructType schema(StructType floats, EmbeddingColumns columns) {
    StructType bits = new StructType();
    for (StructField field : floats.fields()) {
      bits =
          bits.add(
              field.name().equals(columns.embedding())
                  ? StoredVectors.field(field, DataTypes.BinaryType, made -> made)
                  : field);
    }
    return bits;
  }

  /**
   * Rows whose vectors are bits, of rows whose vectors are floats.
   *
   * @param mean from {@link #mean(double[])}
   */
  public static Dataset<Row> bits(Dataset<Row> rows, EmbeddingColumns columns, List<Double> mean) {
    StructField field =
        StoredVectors.field(
            rows.schema().apply(columns.embedding()),
            DataTypes.BinaryType,
            made -> made.withBits(mean));
    return StoredVectors.replaced(rows, field, of(new Bits(mean), field));
  }

  /**
   * Signs of such a column; see {@link StoredVectors#asFloats}.
   *
   * @throws IllegalArgumentException if it does not say how its bits were made
   */
  static Column signs(String what, StructField field) {
    EmbeddingProvenance made =
        EmbeddingProvenance.of(field)
            .filter(known -> known.elements() == OutputPrecision.BINARY && known.mean() != null)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot %s by column '%s': it is binary, and does not say about which mean its bits are; of such columns only those of jobs/embed.sh --output-precision binary can be read, as they were written"
                            .formatted(what, field.name())));
    return of(new Signs(made.dimension()), field);
  }

  /** Rows whose vectors are floats from which a mean was subtracted; their provenance says so. */
  public static Dataset<Row> centred(Dataset<Row> rows, String column, List<Double> mean) {
    StructField field =
        StoredVectors.field(rows.schema().apply(column), FLOATS, made -> made.withMean(mean));
    return StoredVectors.replaced(rows, field, of(new Centred(mean), field));
  }

  /** Rows whose vectors have the bits that signs stand for, as floats about a mean. */
  public static Dataset<Row> restored(Dataset<Row> rows, String column, List<Double> mean) {
    StructField field = rows.schema().apply(column);
    return StoredVectors.replaced(rows, field, of(new Restored(mean), field));
  }

  private static Column of(VectorExpression.Function function, StructField field) {
    return VectorExpression.column(function, ColumnNames.column(field.name()));
  }
}
