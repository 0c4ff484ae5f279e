package org.sparkgbert.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.HasPartitionExpressions;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import scala.Option;

/**
 * Puts a shuffle above {@link WithColumns} where Spark would compute it twice: it keeps what tasks
 * have written for a shuffle. That is where one query has it twice, as a table joined with itself,
 * and below a sort or partitioning by ranges, which first looks at a sample of the rows.
 */
final class ComputedOnce {
  private final Set<LogicalPlan> twice;

  private ComputedOnce(Set<LogicalPlan> twice) {
    this.twice = twice;
  }

  /** The plan with the shuffles. A stream keeps its plan: each batch is small. */
  static LogicalPlan in(LogicalPlan plan) {
    if (plan.isStreaming()) {
      return plan;
    }
    Set<LogicalPlan> once = new HashSet<>();
    Set<LogicalPlan> twice = new HashSet<>();
    plan.foreachWithSubqueries(
        node -> {
          if (node instanceof WithColumns && !once.add(node.canonicalized())) {
            twice.add(node.canonicalized());
          }
          return null;
        });
    return new ComputedOnce(twice).kept(plan);
  }

  private LogicalPlan kept(LogicalPlan node) {
    if (node instanceof WithColumns && twice.contains(node.canonicalized())) {
      return shuffled(node);
    }
    if (isKept(node)) {
      return node;
    }
    boolean cuts = isLimitOfSort(node);
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan child : Sequences.list(node.children())) {
      children.add(cuts ? keptBelowSort(child) : kept(child));
    }
    LogicalPlan rewritten =
        Calls.rewriteExpressions(
            children.equals(Sequences.list(node.children()))
                ? node
                : Calls.withChildren(node, children),
            this::inSubquery);
    return looksAtASample(rewritten) && computes(rewritten.children().head())
        ? Calls.withChild(rewritten, shuffled(rewritten.children().head()))
        : rewritten;
  }

  private Expression inSubquery(Expression each) {
    if (twice.isEmpty() || !(each instanceof SubqueryExpression subquery)) {
      return each;
    }
    LogicalPlan plan = kept(subquery.plan());
    return plan.fastEquals(subquery.plan()) ? each : subquery.withNewPlan(plan);
  }

  private static boolean isKept(LogicalPlan node) {
    return node instanceof RepartitionByExpression shuffle
        && shuffle.partitionExpressions().isEmpty()
        && shuffle.child() instanceof WithColumns;
  }

  /** The first rows in an order are found without a sample. */
  private static boolean isLimitOfSort(LogicalPlan node) {
    if (!(node instanceof GlobalLimit)) {
      return false;
    }
    LogicalPlan rows = node;
    while (rows instanceof GlobalLimit || rows instanceof LocalLimit) {
      rows = rows.children().head();
    }
    return (rows instanceof Sort
        || (rows instanceof Project project && project.child() instanceof Sort));
  }

  private LogicalPlan keptBelowSort(LogicalPlan node) {
    List<LogicalPlan> children =
        Sequences.list(node.children()).stream()
            .map(child -> node instanceof Sort ? kept(child) : keptBelowSort(child))
            .toList();
    return Calls.withChildren(node, children);
  }

  private static boolean looksAtASample(LogicalPlan node) {
    return (node instanceof Sort sort && sort.global())
        || (node instanceof HasPartitionExpressions shuffle
            && Sequences.list(shuffle.partitionExpressions()).stream()
                .anyMatch(SortOrder.class::isInstance));
  }

  /** Whether reading the plan's rows again computes them again. */
  private static boolean computes(LogicalPlan plan) {
    boolean shuffles =
        plan instanceof Aggregate
            || plan instanceof HasPartitionExpressions
            || plan instanceof Window
            || (plan instanceof RepartitionOperation shuffle && shuffle.shuffle())
            || (plan instanceof Sort sort && sort.global());
    return plan instanceof WithColumns
        || (!shuffles && Sequences.list(plan.children()).stream().anyMatch(ComputedOnce::computes));
  }

  private static LogicalPlan shuffled(LogicalPlan plan) {
    return new RepartitionByExpression(
        Sequences.of(List.of()), plan, Option.empty(), Option.empty());
  }
}
