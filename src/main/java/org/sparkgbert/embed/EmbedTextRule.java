package org.sparkgbert.embed;

import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.sparkgbert.lake.ProvenanceKeys;
import org.sparkgbert.plan.LiftCalls;
import scala.PartialFunction;

/**
 * Gives columns of {@code embed_text} the metadata that {@link SentenceEmbedder} gives its own, so
 * that a table made from them says what made it, also through a view that other settings made; and
 * the session what plans the calls, since a view may come from another session.
 */
public final class EmbedTextRule extends Rule<LogicalPlan> {
  private final SparkSession session;

  public EmbedTextRule(SparkSession session) {
    this.session = session;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    LiftCalls.register(session);
    return plan.resolveOperatorsUp(PartialFunction.fromFunction(EmbedTextRule::named))
        .resolveOperatorsUpWithNewOutput(PartialFunction.fromFunction(SetProvenance::in));
  }

  private static LogicalPlan named(LogicalPlan node) {
    LogicalPlan current = CurrentColumns.in(node);
    LogicalPlan named = ViewProvenance.in(current.mapExpressions(EmbedTextRule::withProvenance));
    WrittenProvenance.require(named);
    return named;
  }

  private static Expression withProvenance(Expression column) {
    return column instanceof Alias alias
            && alias.child() instanceof EmbedCall call
            && call.output() == EmbedOutput.EMBEDDING
            && call.resolved()
            && hasNoOther(alias)
        ? ViewProvenance.withMetadata(
            alias, ProvenanceKeys.replaced(alias.metadata(), call.provenance()))
        : column;
  }

  /** A column that nobody named has metadata in which Spark says so; empty ones are wanted so. */
  private static boolean hasNoOther(Alias alias) {
    Metadata own = alias.explicitMetadata().getOrElse(() -> null);
    return own == null || !(own.equals(Metadata.empty()) || ProvenanceKeys.in(own));
  }
}
