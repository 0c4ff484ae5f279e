package org.sparkgbert.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.optimizer.ColumnPruning$;
import org.apache.spark.sql.catalyst.optimizer.RemoveNoopOperators$;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Subquery;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import scala.Option;
import scala.PartialFunction;

/**
 * Lifts each {@link ComputedCall} out of its expression into a {@link WithColumns} below, as Spark
 * does with functions of Python: equal calls once, under filters of other columns and under limits.
 * It runs after Spark's own rules, so that columns and filters already are where they are cheapest.
 *
 * <p>A call is computed for every row that reaches its operator, also inside {@code CASE WHEN}.
 */
public final class LiftCalls extends Rule<LogicalPlan> {
  /** Rules of Spark that run until nothing changes do so in a few rounds. */
  private static final int ROUNDS = 20;

  /** Gives the rule and {@link WithColumnsStrategy} to a session, once. */
  public static void register(SparkSession session) {
    WithColumnsStrategy.register(session);
    ExperimentalMethods methods = session.experimental();
    synchronized (methods) {
      List<Rule<LogicalPlan>> rules = new ArrayList<>(Sequences.list(methods.extraOptimizations()));
      if (rules.stream().noneMatch(LiftCalls.class::isInstance)) {
        rules.add(new LiftCalls());
        methods.extraOptimizations_$eq(Sequences.of(rules));
      }
    }
  }

  /** A correlated subquery becomes a join, and is seen then. */
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    boolean later = plan instanceof Subquery subquery && subquery.correlated();
    if (later || !Calls.anywhereIn(plan)) {
      return plan;
    }
    LogicalPlan lifted =
        InputFiles.below(plan).transformUp(PartialFunction.fromFunction(this::lift));
    return lifted.fastEquals(plan) ? plan : ComputedOnce.in(pruned(LimitsBelow.in(lifted)));
  }

  private static LogicalPlan pruned(LogicalPlan plan) {
    LogicalPlan before = plan;
    for (int i = 0; i < ROUNDS; i++) {
      LogicalPlan after = RemoveNoopOperators$.MODULE$.apply(ColumnPruning$.MODULE$.apply(before));
      if (after.fastEquals(before)) {
        return after;
      }
      before = after;
    }
    return before;
  }

  /** Commands only hold conditions; the queries below them compute. */
  private LogicalPlan lift(LogicalPlan node) {
    if (node instanceof Command || !Calls.in(node)) {
      return node;
    }
    if (node instanceof Filter filter) {
      return filter(filter);
    }
    if (node instanceof Aggregate aggregate) {
      return new CallsOverGroups(aggregate).above().map(this::groups).orElseGet(() -> unary(node));
    }
    if (node instanceof Join join) {
      return join(join);
    }
    return node instanceof UnaryNode ? unary(node) : node;
  }

  private LogicalPlan groups(LogicalPlan above) {
    LogicalPlan groups = lift(above.children().head());
    return lift(Calls.withChild(above, groups));
  }

  /** Conditions without calls go first. */
  private LogicalPlan filter(Filter filter) {
    List<Expression> conditions =
        Sequences.list(filter.splitConjunctivePredicates(filter.condition()));
    List<Expression> with = conditions.stream().filter(Calls::in).toList();
    List<Expression> without = conditions.stream().filter(each -> !Calls.in(each)).toList();
    boolean splits = !without.isEmpty() && filter.condition().deterministic();
    return unary(
        splits
            ? new Filter(Calls.all(with), new Filter(Calls.all(without), filter.child()))
            : filter);
  }

  private static LogicalPlan unary(LogicalPlan node) {
    LogicalPlan lifted = node;
    for (var calls = Calls.innermost(node); !calls.isEmpty(); calls = Calls.innermost(lifted)) {
      LogicalPlan child = lifted.children().head();
      Map<Expression, Attribute> values = new HashMap<>();
      for (Expression call : calls) {
        if (!call.references().subsetOf(child.outputSet())) {
          throw RefuseCalls.refused(call, node);
        }
        Computed computed = Computed.on(child, call);
        child = computed.plan();
        values.put(call.canonicalized(), computed.column());
      }
      lifted = Calls.withChild(replaced(lifted, values), child);
    }
    return Calls.withOutputOf(node, lifted);
  }

  private static LogicalPlan replaced(LogicalPlan node, Map<Expression, Attribute> values) {
    return Calls.rewriteExpressions(
        node,
        each ->
            each instanceof ComputedCall && values.containsKey(each.canonicalized())
                ? values.get(each.canonicalized())
                : each);
  }

  /** A call that reads one side is computed there; one that reads both, after an inner join. */
  private LogicalPlan join(Join join) {
    Expression condition = join.condition().get();
    List<Expression> calls = Calls.innermost(join);
    if (calls.stream().allMatch(call -> side(join, call) >= 0)) {
      return sides(join, calls);
    }
    if (!List.of("INNER", "CROSS").contains(join.joinType().sql())) {
      throw RefuseCalls.refused(condition, join);
    }
    List<Expression> conditions = Sequences.list(join.splitConjunctivePredicates(condition));
    List<Expression> after = conditions.stream().filter(each -> readsBoth(join, each)).toList();
    List<Expression> on = conditions.stream().filter(each -> !readsBoth(join, each)).toList();
    Join rest =
        new Join(
            join.left(),
            join.right(),
            join.joinType(),
            Option.apply(on.stream().reduce(And::new).orElse(null)),
            join.hint());
    return lift(new Filter(Calls.all(after), lift(rest)));
  }

  private static boolean readsBoth(Join join, Expression condition) {
    return condition.exists(each -> each instanceof ComputedCall && side(join, each) < 0);
  }

  private static int side(Join join, Expression call) {
    if (call.references().subsetOf(join.left().outputSet())) {
      return 0;
    }
    return call.references().subsetOf(join.right().outputSet()) ? 1 : -1;
  }

  private LogicalPlan sides(Join join, List<Expression> calls) {
    List<LogicalPlan> children = new ArrayList<>(Sequences.list(join.children()));
    Map<Expression, Attribute> values = new HashMap<>();
    for (Expression call : calls) {
      int side = side(join, call);
      Computed computed = Computed.on(children.get(side), call);
      children.set(side, computed.plan());
      values.put(call.canonicalized(), computed.column());
    }
    LogicalPlan lifted = Calls.withChildren(replaced(join, values), children);
    return Calls.withOutputOf(join, lift(lifted));
  }
}
