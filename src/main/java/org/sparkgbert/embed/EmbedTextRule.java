package org.sparkgbert.embed;

import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
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
    return plan.resolveOperatorsUp(
        PartialFunction.fromFunction(
            node -> ViewProvenance.in(node.mapExpressions(EmbedTextRule::withProvenance))));
  }

  private static Expression withProvenance(Expression column) {
    return column instanceof Alias alias
            && alias.child() instanceof EmbedCall call
            && call.output() == EmbedOutput.EMBEDDING
            && alias.explicitMetadata().isEmpty()
            && call.resolved()
        ? ViewProvenance.withMetadata(alias, call.provenance())
        : column;
  }
}
