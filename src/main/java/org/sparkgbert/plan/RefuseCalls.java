package org.sparkgbert.plan;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Refuses what {@link LiftCalls} has left, instead of an error of Spark about its own code. */
public final class RefuseCalls extends SparkStrategy {
  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    if (!(plan instanceof Command)) {
      Calls.innermost(plan).stream()
          .findFirst()
          .ifPresent(
              call -> {
                throw refused(call, plan);
              });
    }
    return Sequences.of(List.of());
  }

  static IllegalArgumentException refused(Expression call, LogicalPlan node) {
    return new IllegalArgumentException(
        "Cannot plan %s: it cannot be computed inside %s; compute it as a column of a subquery first"
            .formatted(call.sql(), node.nodeName()));
  }
}
