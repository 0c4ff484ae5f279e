package org.sparkgbert.embed;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.plan.ComputedCall;
import scala.collection.immutable.Seq;

/** A call for texts of rows; {@link org.sparkgbert.plan.LiftCalls} plans it. */
@SuppressWarnings("serial")
final class EmbedText extends EmbedCall implements ComputedCall, Unevaluable {
  private static final long serialVersionUID = 1L;

  EmbedText(EmbedOutput output, SessionModel model, Seq<Expression> children) {
    super(output, model, children);
  }

  @Override
  public StructType columns() {
    return SessionModel.columns();
  }

  @Override
  public int column() {
    return output().column();
  }

  @Override
  public boolean foldable() {
    return false;
  }

  @Override
  public Object eval(InternalRow row) {
    return Unevaluable.super.eval(row);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return Unevaluable.super.doGenCode(context, code);
  }
}
