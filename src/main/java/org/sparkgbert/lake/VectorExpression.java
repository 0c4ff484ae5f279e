package org.sparkgbert.lake;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The arithmetic of stored vectors in Spark's plans: null where a vector is null or holds one.
 *
 * @see Int8Vectors
 * @see BinaryVectors
 */
@SuppressWarnings("serial")
final class VectorExpression extends OwnExpression implements CodegenFallback {
  private static final long serialVersionUID = 1L;

  /** What is computed; equal functions compute the same. */
  interface Function extends Serializable {
    /** The type of the result. */
    DataType type();

    /** Whether it may throw, and so must not move ahead of a filter. */
    default boolean mayThrow() {
      return true;
    }

    /**
     * The result as Spark's own value.
     *
     * @param vector {@code ArrayData} without nulls, or {@code byte[]}
     * @param other the value of the second column, perhaps null; null if there is none
     */
    Object of(Object vector, Object other);
  }

  private final Function function;

  private VectorExpression(Function function, Seq<Expression> children) {
    super(children);
    this.function = function;
  }

  /**
   * A column that is computed.
   *
   * @param inputs the column of vectors, and perhaps a second one
   */
  static Column column(Function function, Column... inputs) {
    List<Expression> children = List.of(inputs).stream().map(ExpressionUtils::expression).toList();
    return ExpressionUtils.column(
        new VectorExpression(function, CollectionConverters.asScala(children).toSeq()));
  }

  @Override
  public DataType dataType() {
    return function.type();
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public boolean throwable() {
    return function.mayThrow();
  }

  @Override
  public Object eval(InternalRow row) {
    Object vector = children().apply(0).eval(row);
    if (vector == null || (vector instanceof ArrayData array && ArrayNulls.in(array))) {
      return null;
    }
    return function.of(vector, children().size() > 1 ? children().apply(1).eval(row) : null);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> replaced) {
    return new VectorExpression(function, replaced);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VectorExpression that
        && function.equals(that.function)
        && children().equals(that.children());
  }

  @Override
  public int hashCode() {
    return Objects.hash(function.type(), children());
  }
}
