package org.sparkgbert.embed;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;
import org.sparkgbert.encode.EncodedText;
import scala.collection.immutable.Seq;

/**
 * A call for a constant text, such as a question: Spark replaces it by its value while it plans.
 */
@SuppressWarnings("serial")
final class EmbedConstant extends EmbedCall implements CodegenFallback {
  private static final long serialVersionUID = 1L;

  EmbedConstant(EmbedOutput output, SessionModel model, Seq<Expression> children) {
    super(output, model, children);
  }

  @Override
  public boolean foldable() {
    return input().foldable();
  }

  @Override
  public Object eval(InternalRow row) {
    UTF8String text = (UTF8String) input().eval(row);
    EncodedText encoded = ConstantTexts.encoded(function(), text == null ? null : text.toString());
    return switch (output()) {
      case EMBEDDING ->
          encoded.embedding() == null ? null : new GenericArrayData(encoded.embedding());
      case STATUS -> UTF8String.fromString(encoded.status().label());
      case ERROR -> UTF8String.fromString(encoded.error());
    };
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }
}
