package org.sparkgbert.vector;

import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.ExpectsInputTypes;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.sparkgbert.lake.ArrayNulls;
import org.sparkgbert.lake.OwnExpression;
import org.sparkgbert.plan.Sequences;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** A measure of two vectors as an expression: two arrays of floats in, a nullable float out. */
@SuppressWarnings("serial")
final class VectorSimilarity extends OwnExpression implements ExpectsInputTypes {
  private static final long serialVersionUID = 1L;
  private static final ArrayType VECTOR = DataTypes.createArrayType(DataTypes.FloatType);

  private final Similarity similarity;
  private final Expression left;
  private final Expression right;

  VectorSimilarity(Similarity similarity, Expression left, Expression right) {
    super(Sequences.of(List.of(left, right)));
    this.similarity = similarity;
    this.left = left;
    this.right = right;
  }

  @Override
  public DataType dataType() {
    return DataTypes.FloatType;
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public boolean nullIntolerant() {
    return true;
  }

  /** Different dimensions throw, so this must not move ahead of a filter that excludes them. */
  @Override
  public boolean throwable() {
    return true;
  }

  @Override
  public String prettyName() {
    return similarity.sqlName();
  }

  @Override
  public Seq<AbstractDataType> inputTypes() {
    return Sequences.of(List.of(VECTOR, VECTOR));
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return ExpectsInputTypes.super.checkInputDataTypes();
  }

  @Override
  public boolean foldable() {
    return left.foldable() && right.foldable();
  }

  @Override
  public Object eval(InternalRow row) {
    ArrayData leftArray = (ArrayData) left.eval(row);
    if (leftArray == null) {
      return null;
    }
    ArrayData rightArray = (ArrayData) right.eval(row);
    return rightArray == null ? null : similarity.ofArrays(leftArray, rightArray);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return new Invoke(
            new Literal(similarity, new ObjectType(Similarity.class)),
            "ofArrays",
            dataType(),
            Sequences.of(List.of(unboxed(left), unboxed(right))),
            Sequences.of(List.of()),
            true,
            true,
            true)
        .doGenCode(context, code);
  }

  /** A literal holds its floats boxed: they are unboxed once here, not again for each row. */
  private static Expression unboxed(Expression child) {
    if (child instanceof Literal literal
        && literal.value() instanceof ArrayData array
        && !ArrayNulls.in(array)) {
      return new Literal(
          UnsafeArrayData.fromPrimitiveArray(array.toFloatArray()), literal.dataType());
    }
    return child;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> replaced) {
    return new VectorSimilarity(similarity, replaced.apply(0), replaced.apply(1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VectorSimilarity that
        && similarity == that.similarity
        && left.equals(that.left)
        && right.equals(that.right);
  }

  @Override
  public int hashCode() {
    return Objects.hash(similarity.name(), left, right);
  }
}
