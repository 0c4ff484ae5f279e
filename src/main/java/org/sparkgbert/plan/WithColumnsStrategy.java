package org.sparkgbert.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.planning.PhysicalOperation;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/**
 * Plans {@link WithColumns}. Filters that read none of its columns go below it, and where nothing
 * reads any of them, as in {@code count()}, nothing is computed.
 */
public final class WithColumnsStrategy extends SparkStrategy {
  /**
   * Gives it to a session, once, since the session may be older than this project's jar; see {@link
   * WithColumnsExtension}. A session that Spark clones for a stream has it too.
   */
  static void register(SparkSession session) {
    ExperimentalMethods methods = session.experimental();
    synchronized (methods) {
      List<SparkStrategy> strategies = new ArrayList<>(Sequences.list(methods.extraStrategies()));
      if (strategies.stream().noneMatch(WithColumnsStrategy.class::isInstance)) {
        strategies.add(new WithColumnsStrategy());
        methods.extraStrategies_$eq(Sequences.of(strategies));
      }
    }
  }

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    var operation = PhysicalOperation.unapply(plan);
    return operation.nonEmpty() && operation.get()._3() instanceof WithColumns node
        ? Sequences.of(List.of(plan(operation.get()._1(), operation.get()._2(), node)))
        : Sequences.of(List.of());
  }

  private SparkPlan plan(Seq<NamedExpression> columns, Seq<Expression> filters, WithColumns node) {
    AttributeSet given = node.child().outputSet();
    List<Expression> below = new ArrayList<>();
    List<Expression> above = new ArrayList<>();
    for (Expression filter : Sequences.list(filters)) {
      (filter.references().subsetOf(given) ? below : above).add(filter);
    }
    LogicalPlan rows =
        below.stream()
            .reduce(And::new)
            .<LogicalPlan>map(all -> new Filter(all, node.child()))
            .orElse(node.child());
    AttributeSet used =
        AttributeSet.fromAttributeSets(
            Sequences.of(
                Sequences.list(columns).stream()
                    .map(column -> ((Expression) column).references())
                    .toList()));
    if (above.isEmpty() && used.subsetOf(given)) {
      return new ProjectExec(
          columns, planLater(new Project(Sequences.of(Sequences.list(used.toSeq())), rows)));
    }
    SparkPlan computed =
        new WithColumnsExec(node.function(), node.inputs(), node.columns(), planLater(rows));
    SparkPlan filtered =
        above.stream()
            .reduce(And::new)
            .<SparkPlan>map(all -> new FilterExec(all, computed))
            .orElse(computed);
    return columns.equals(filtered.output()) ? filtered : new ProjectExec(columns, filtered);
  }
}
