package org.sparkgbert.lake;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The arithmetic of {@link Int8Vectors} in Spark's plans: null where a vector is null or holds one.
 */
@SuppressWarnings("serial")
final class Int8Expression extends Expression implements CodegenFallback, Serializable {
  private static final long serialVersionUID = 1L;

  /** What is computed. */
  enum Kind {
    /** Of floats, the bytes. */
    ROUNDED,
    /** Of floats, their scale. */
    SCALE,
    /** Of bytes and their scale, the floats. */
    FLOATS
  }

  private final Kind kind;
  private final Seq<Expression> children;

  Int8Expression(Kind kind, List<Expression> children) {
    this(kind, CollectionConverters.asScala(children).toSeq());
  }

  private Int8Expression(Kind kind, Seq<Expression> children) {
    this.kind = kind;
    this.children = children;
  }

  @Override
  public Seq<Expression> children() {
    return children;
  }

  @Override
  public DataType dataType() {
    return switch (kind) {
      case ROUNDED -> DataTypes.createArrayType(DataTypes.ByteType, false);
      case SCALE -> DataTypes.FloatType;
      case FLOATS -> DataTypes.createArrayType(DataTypes.FloatType, false);
    };
  }

  @Override
  public boolean nullable() {
    return true;
  }

  /** A scale that is missing throws, so this must not move ahead of a filter that excludes it. */
  @Override
  public boolean throwable() {
    return kind == Kind.FLOATS;
  }

  @Override
  public Object eval(InternalRow row) {
    ArrayData vector = (ArrayData) children.apply(0).eval(row);
    if (vector == null || ArrayNulls.in(vector)) {
      return null;
    }
    return switch (kind) {
      case ROUNDED ->
          UnsafeArrayData.fromPrimitiveArray(Int8Vectors.rounded(vector.toFloatArray()));
      case SCALE -> Int8Vectors.scale(vector.toFloatArray());
      case FLOATS -> floats(vector, (Float) children.apply(1).eval(row));
    };
  }

  private static Object floats(ArrayData vector, Float scale) {
    if (scale == null) {
      throw new IllegalArgumentException(
          "Cannot read embeddings: a row has bytes and no scale; jobs/check.sh says more");
    }
    return UnsafeArrayData.fromPrimitiveArray(Int8Vectors.floats(vector.toByteArray(), scale));
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> replaced) {
    return new Int8Expression(kind, replaced);
  }

  @Override
  public int productArity() {
    return children.size();
  }

  @Override
  public Object productElement(int index) {
    return children.apply(index);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof Int8Expression;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Int8Expression that
        && kind == that.kind
        && children.equals(that.children);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind.name(), children);
  }
}
