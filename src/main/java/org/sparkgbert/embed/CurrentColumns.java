package org.sparkgbert.embed;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.Metadata;
import org.sparkgbert.lake.ProvenanceKeys;
import scala.PartialFunction;
import scala.jdk.javaapi.CollectionConverters;

/** Names of columns below say what those columns say now: they may be older than that. */
final class CurrentColumns {
  private CurrentColumns() {}

  static LogicalPlan in(LogicalPlan node) {
    if (!node.childrenResolved()) {
      return node;
    }
    Map<ExprId, Metadata> below = new HashMap<>();
    for (LogicalPlan child : CollectionConverters.asJava(node.children())) {
      for (Attribute column : CollectionConverters.asJava(child.output())) {
        below.put(column.exprId(), column.metadata());
      }
    }
    return below.isEmpty()
        ? node
        : node.mapExpressions(
            root -> root.transformUp(PartialFunction.fromFunction(each -> current(each, below))));
  }

  private static Expression current(Expression each, Map<ExprId, Metadata> below) {
    if (!(each instanceof AttributeReference name) || !below.containsKey(name.exprId())) {
      return each;
    }
    Metadata says = below.get(name.exprId());
    if (!ProvenanceKeys.in(says) && !ProvenanceKeys.in(name.metadata())) {
      return each;
    }
    Metadata current = ProvenanceKeys.replaced(name.metadata(), says);
    return current.equals(name.metadata()) ? each : name.withMetadata(current);
  }
}
