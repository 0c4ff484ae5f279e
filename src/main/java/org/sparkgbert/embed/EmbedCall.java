package org.sparkgbert.embed;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExpectsInputTypes;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.internal.types.StringTypeWithCollation;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.sparkgbert.lake.OwnExpression;
import org.sparkgbert.plan.Sequences;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * A call of {@code embed_text} or its siblings. Model and settings are part of it, so that neither
 * caches nor plans mix models: two calls are equal only if they compute the same.
 */
@SuppressWarnings("serial")
abstract class EmbedCall extends OwnExpression implements ExpectsInputTypes {
  private static final long serialVersionUID = 1L;

  private final EmbedOutput output;
  private final transient SessionModel model;
  private final EmbedTexts function;

  /**
   * @param children the text, and the model if the call names it
   */
  EmbedCall(EmbedOutput output, SessionModel model, Seq<Expression> children) {
    super(children);
    this.output = output;
    this.model = model;
    this.function = model.function();
  }

  /** A call: constant texts are encoded on the driver, others by an operator of the plan. */
  static EmbedCall of(EmbedOutput output, SessionModel model, Seq<Expression> children) {
    return children.head().foldable()
        ? new EmbedConstant(output, model, children)
        : new EmbedText(output, model, children);
  }

  EmbedOutput output() {
    return output;
  }

  /** What computes it. */
  public EmbedTexts function() {
    return function;
  }

  /** The text. */
  public Expression input() {
    return children().head();
  }

  /** What made the vectors. */
  Metadata provenance() {
    return model.provenance(input() instanceof Attribute column ? column.name() : "");
  }

  @Override
  public DataType dataType() {
    return output.type();
  }

  @Override
  public boolean nullable() {
    return output != EmbedOutput.STATUS;
  }

  @Override
  public String prettyName() {
    return output.sqlName();
  }

  /** Strings of any collation. */
  @Override
  public Seq<AbstractDataType> inputTypes() {
    List<AbstractDataType> types = new ArrayList<>();
    for (int i = 0; i < children().size(); i++) {
      types.add(StringTypeWithCollation.apply(true, true, true));
    }
    return Sequences.of(types);
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return ExpectsInputTypes.super.checkInputDataTypes();
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> replaced) {
    return of(output, model, replaced);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EmbedCall that
        && output == that.output
        && function.equals(that.function)
        && children().equals(that.children());
  }

  @Override
  public int hashCode() {
    return Objects.hash(output.sqlName(), function, children());
  }
}
