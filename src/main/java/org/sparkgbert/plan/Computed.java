package org.sparkgbert.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;

/**
 * A plan that has the value of a call among its columns.
 *
 * @param column the value
 */
record Computed(LogicalPlan plan, Attribute column) {
  private static final Set<String> KEEP_LEFT =
      Set.of("INNER", "CROSS", "LEFT OUTER", "LEFT SEMI", "LEFT ANTI");
  private static final Set<String> KEEP_RIGHT = Set.of("INNER", "CROSS", "RIGHT OUTER");

  /** The plan with the value: that of an equal call below it, or of a new operator on top. */
  static Computed on(LogicalPlan plan, Expression expression) {
    ComputedCall call = (ComputedCall) expression;
    return expression.deterministic()
        ? find(plan, call, call.input()).orElseGet(() -> anew(plan, call))
        : anew(plan, call);
  }

  private static Computed anew(LogicalPlan plan, ComputedCall call) {
    Attribute input;
    LogicalPlan rows;
    if (call.input() instanceof Attribute column) {
      input = column;
      rows = plan;
    } else {
      var alias = Calls.alias(call.input(), "input");
      input = alias.toAttribute();
      rows = withColumn(plan, alias);
    }
    List<Attribute> columns =
        Sequences.list(DataTypeUtils.toAttributes(call.columns())).stream()
            .<Attribute>map(each -> each)
            .toList();
    WithColumns node =
        new WithColumns(call.function(), Sequences.of(List.of(input)), Sequences.of(columns), rows);
    return new Computed(node, columns.get(call.column()));
  }

  private static Project withColumn(LogicalPlan plan, NamedExpression column) {
    List<NamedExpression> columns = new ArrayList<>(Sequences.list(plan.output()));
    columns.add(column);
    return new Project(Sequences.of(columns), plan);
  }

  private static Optional<Computed> find(LogicalPlan plan, ComputedCall call, Expression input) {
    if (plan instanceof WithColumns node) {
      return node.function().equals(call.function()) && reads(node, input)
          ? Optional.of(new Computed(node, node.columns().apply(call.column())))
          : through(plan, 0, call, input);
    }
    if (plan instanceof Project project) {
      return find(project.child(), call, Calls.below(input, project))
          .map(found -> new Computed(found.carriedBy(project), found.column));
    }
    if (plan instanceof Filter
        || plan instanceof Sort
        || plan instanceof LocalLimit
        || plan instanceof GlobalLimit
        || plan instanceof RepartitionOperation) {
      return through(plan, 0, call, input);
    }
    return plan instanceof Join join ? ofSide(join, call, input) : Optional.empty();
  }

  /** Whether what the operator reads is this expression over its child's columns. */
  private static boolean reads(WithColumns node, Expression input) {
    Expression own = node.inputs().head();
    return own.semanticEquals(input)
        || (node.child() instanceof Project project
            && Calls.below(own, project).semanticEquals(Calls.below(input, project)));
  }

  private static Optional<Computed> through(
      LogicalPlan plan, int side, ComputedCall call, Expression input) {
    List<LogicalPlan> children = new ArrayList<>(Sequences.list(plan.children()));
    return find(children.get(side), call, input)
        .map(
            found -> {
              children.set(side, found.plan);
              return new Computed(Calls.withChildren(plan, children), found.column);
            });
  }

  /** Only of a side whose rows the join leaves as they are. */
  private static Optional<Computed> ofSide(Join join, ComputedCall call, Expression input) {
    String type = join.joinType().sql();
    if (KEEP_LEFT.contains(type) && input.references().subsetOf(join.left().outputSet())) {
      return through(join, 0, call, input);
    }
    return KEEP_RIGHT.contains(type) && input.references().subsetOf(join.right().outputSet())
        ? through(join, 1, call, input)
        : Optional.empty();
  }

  private LogicalPlan carriedBy(Project project) {
    List<NamedExpression> columns = new ArrayList<>(Sequences.list(project.projectList()));
    if (columns.stream().noneMatch(each -> each.toAttribute().exprId().equals(column.exprId()))) {
      columns.add(column);
    }
    return new Project(Sequences.of(columns), plan);
  }
}
