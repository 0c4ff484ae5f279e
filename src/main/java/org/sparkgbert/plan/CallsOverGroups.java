package org.sparkgbert.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;

/** Calls that read results of an aggregation, such as {@code embed_text(max(title))}. */
record CallsOverGroups(Aggregate aggregate) {
  /** A projection of the groups that has those calls; empty if there are none. */
  Optional<LogicalPlan> above() {
    List<NamedExpression> columns = Sequences.list(aggregate.aggregateExpressions());
    if (columns.stream().noneMatch(column -> isOver((Expression) column))) {
      return Optional.empty();
    }
    List<NamedExpression> computed = new ArrayList<>();
    List<NamedExpression> projected = new ArrayList<>();
    for (NamedExpression column : columns) {
      if (isOver((Expression) column)) {
        Expression above =
            Calls.rewrite(
                (Expression) column, each -> belongs(each) ? named(each, computed) : each);
        projected.add((NamedExpression) above);
      } else {
        computed.add(column);
        projected.add(column.toAttribute());
      }
    }
    return Optional.of(
        new Project(
            Sequences.of(projected),
            new Aggregate(
                aggregate.groupingExpressions(),
                Sequences.of(computed),
                aggregate.child(),
                aggregate.hint())));
  }

  private boolean isOver(Expression column) {
    return column.exists(
        each ->
            each instanceof ComputedCall
                && (each.references().isEmpty() || each.exists(this::belongs)));
  }

  private boolean belongs(Expression each) {
    return each instanceof AggregateExpression
        || Sequences.list(aggregate.groupingExpressions()).stream().anyMatch(each::semanticEquals);
  }

  private static Expression named(Expression value, List<NamedExpression> computed) {
    NamedExpression name =
        value instanceof NamedExpression column ? column : Calls.alias(value, "value");
    computed.add(name);
    return name.toAttribute();
  }
}
