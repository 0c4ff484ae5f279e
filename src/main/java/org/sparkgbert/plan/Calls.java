package org.sparkgbert.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.Option;
import scala.PartialFunction;

/** Finds {@link ComputedCall}s in expressions, and rewrites expressions. */
final class Calls {
  private Calls() {}

  static boolean in(Expression expression) {
    return expression.exists(each -> each instanceof ComputedCall);
  }

  /** Whether expressions of the node itself have some. */
  static boolean in(LogicalPlan node) {
    return Sequences.list(node.expressions()).stream().anyMatch(Calls::in);
  }

  static boolean anywhereIn(LogicalPlan plan) {
    return plan.exists(Calls::in);
  }

  /** Those of a node that read no other call; equal ones once. */
  static List<Expression> innermost(LogicalPlan node) {
    List<Expression> calls = new ArrayList<>();
    for (Expression root : Sequences.list(node.expressions())) {
      root.foreach(
          each -> {
            if (each instanceof ComputedCall call
                && !in(call.input())
                && calls.stream().noneMatch(each::semanticEquals)) {
              calls.add(each);
            }
            return null;
          });
    }
    return calls;
  }

  static Expression rewrite(Expression expression, UnaryOperator<Expression> change) {
    return expression.transformDown(PartialFunction.fromFunction(change::apply));
  }

  static LogicalPlan rewriteExpressions(LogicalPlan node, UnaryOperator<Expression> change) {
    return node.mapExpressions(root -> rewrite(root, change));
  }

  static LogicalPlan withChild(LogicalPlan node, LogicalPlan child) {
    return withChildren(node, List.of(child));
  }

  static LogicalPlan withChildren(LogicalPlan node, List<LogicalPlan> children) {
    return node.withNewChildren(Sequences.of(children));
  }

  /** An expression over a projection's columns as one over what the projection reads. */
  static Expression below(Expression expression, Project project) {
    Map<ExprId, Expression> defined = new HashMap<>();
    for (NamedExpression column : Sequences.list(project.projectList())) {
      if (column instanceof Alias alias) {
        defined.put(alias.exprId(), alias.child());
      }
    }
    return rewrite(
        expression,
        each ->
            each instanceof Attribute column
                ? defined.getOrDefault(column.exprId(), column)
                : each);
  }

  static boolean isDeterministic(Project project) {
    return Sequences.list(project.projectList()).stream()
        .allMatch(column -> ((Expression) column).deterministic());
  }

  static Expression all(List<Expression> conditions) {
    return conditions.stream().reduce(And::new).orElseThrow();
  }

  static Alias alias(Expression expression, String name) {
    return new Alias(
        expression,
        name,
        NamedExpression.newExprId(),
        Sequences.of(List.of()),
        Option.empty(),
        Sequences.of(List.of()));
  }

  /** The rewritten node with the output of the original. */
  static LogicalPlan withOutputOf(LogicalPlan original, LogicalPlan rewritten) {
    return ids(original).equals(ids(rewritten))
        ? rewritten
        : new Project(
            Sequences.of(
                Sequences.list(original.output()).stream()
                    .map(NamedExpression.class::cast)
                    .toList()),
            rewritten);
  }

  private static List<ExprId> ids(LogicalPlan plan) {
    return Sequences.list(plan.output()).stream().map(Attribute::exprId).toList();
  }
}
