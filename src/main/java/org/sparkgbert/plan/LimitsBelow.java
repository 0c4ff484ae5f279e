package org.sparkgbert.plan;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.classic.SparkSession;
import scala.Option;
import scala.PartialFunction;

/**
 * Puts limits below {@link WithColumns}, with the order that they cut if it does not depend on the
 * new columns: rows that nobody gets are not computed.
 */
final class LimitsBelow {
  /** More rows are spread over tasks again. */
  private static final int ROWS_OF_ONE_TASK = 2_048;

  private LimitsBelow() {}

  /**
   * A limit on top of a query stays there, since Spark asks one partition after the other then; a
   * copy goes below.
   */
  static LogicalPlan in(LogicalPlan plan) {
    if (plan instanceof GlobalLimit top) {
      LogicalPlan rows = in(top.child());
      return sortedLimit(top, rows).orElseGet(() -> Calls.withChild(top, rows));
    }
    return plan.transformUp(PartialFunction.fromFunction(LimitsBelow::lower));
  }

  private static LogicalPlan lower(LogicalPlan node) {
    if (node instanceof LocalLimit limit) {
      return sink(limit.child(), new Cut(limit.limitExpr(), false, List.of()))
          .map(child -> Calls.withChild(limit, child))
          .orElse(limit);
    }
    if (node instanceof GlobalLimit limit) {
      return sortedLimit(limit, limit.child()).or(() -> limit(limit)).orElse(limit);
    }
    return node;
  }

  private static Optional<LogicalPlan> limit(GlobalLimit limit) {
    return limit.child() instanceof LocalLimit local
            && local.limitExpr().semanticEquals(limit.limitExpr())
        ? sink(local.child(), new Cut(limit.limitExpr(), true, List.of()))
        : Optional.empty();
  }

  /** A limit of a sorted table; there may be a projection between them. */
  private static Optional<LogicalPlan> sortedLimit(GlobalLimit limit, LogicalPlan child) {
    if (!(child instanceof LocalLimit local)
        || !local.limitExpr().semanticEquals(limit.limitExpr())) {
      return Optional.empty();
    }
    if (local.child() instanceof Project project
        && Calls.isDeterministic(project)
        && project.child() instanceof Sort sort) {
      return sorted(limit, sort).map(rows -> Calls.withChild(project, rows));
    }
    return local.child() instanceof Sort sort ? sorted(limit, sort) : Optional.empty();
  }

  private static Optional<LogicalPlan> sorted(GlobalLimit limit, Sort sort) {
    return sort.global()
        ? sink(sort.child(), new Cut(limit.limitExpr(), true, Sequences.list(sort.order())))
        : Optional.empty();
  }

  /**
   * A limit, of sorted rows if there is an order.
   *
   * @param global whether of the whole table, not of each partition
   */
  private record Cut(Expression limit, boolean global, List<SortOrder> order) {
    Cut below(Project project) {
      return new Cut(
          limit,
          global,
          order.stream().map(each -> (SortOrder) Calls.below(each, project)).toList());
    }

    boolean reads(WithColumns node) {
      AttributeSet columns = Sequences.set(node.columns());
      return order.stream().anyMatch(each -> !each.references().intersect(columns).isEmpty());
    }

    LogicalPlan of(LogicalPlan rows) {
      LogicalPlan sorted =
          order.isEmpty() ? rows : new Sort(Sequences.of(order), true, rows, Option.empty());
      LogicalPlan local =
          sorted instanceof LocalLimit same && same.limitExpr().semanticEquals(limit)
              ? sorted
              : new LocalLimit(limit, sorted);
      return global ? spread(new GlobalLimit(limit, local)) : local;
    }

    /** A limit leaves its rows in one partition. */
    private LogicalPlan spread(LogicalPlan rows) {
      boolean many =
          !(limit instanceof Literal literal
              && literal.value() instanceof Integer count
              && count <= ROWS_OF_ONE_TASK);
      if (!order.isEmpty() || !many || rows.isStreaming()) {
        return rows;
      }
      int tasks = SparkSession.active().sparkContext().defaultParallelism();
      return new Repartition(tasks, true, rows);
    }
  }

  /** Puts a limit below the operators that it stands on; empty if there are none. */
  private static Optional<LogicalPlan> sink(LogicalPlan rows, Cut cut) {
    if (rows instanceof Project project && Calls.isDeterministic(project)) {
      return sink(project.child(), cut.below(project))
          .map(child -> Calls.withChild(project, child));
    }
    if (rows instanceof WithColumns node && !cut.reads(node)) {
      LogicalPlan child = sink(node.child(), cut).orElseGet(() -> cut.of(node.child()));
      return Optional.of(Calls.withChild(node, child));
    }
    return Optional.empty();
  }
}
