package org.sparkgbert.embed;

import org.apache.spark.sql.catalyst.analysis.AnalysisContext;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.Metadata;
import org.sparkgbert.lake.ProvenanceKeys;
import scala.Option;

/**
 * Columns of a view say what makes them now. Spark keeps the metadata that they had when the view
 * was made, and puts it on them wherever the view is used, although its query is analysed anew,
 * with the settings of that session and the tables of that day.
 */
final class ViewProvenance {
  private ViewProvenance() {}

  /** The node; if it is part of a view's query, with columns that say what makes them. */
  static LogicalPlan in(LogicalPlan node) {
    boolean projects = node instanceof Project && AnalysisContext.get().nestedViewDepth() > 0;
    return projects && node.childrenResolved()
        ? node.mapExpressions(column -> current(column, node))
        : node;
  }

  /**
   * In SQL, only the columns that Spark puts around the view's query have metadata of their own.
   */
  private static Expression current(Expression column, LogicalPlan node) {
    if (!(column instanceof Alias alias)
        || alias.explicitMetadata().isEmpty()
        || !alias.child().resolved()
        || alias.child() instanceof EmbedCall) {
      return column;
    }
    Metadata stored = alias.explicitMetadata().get();
    Metadata current = ProvenanceKeys.replaced(stored, ofColumn(alias.child(), node));
    return current.equals(stored) ? column : withMetadata(alias, current);
  }

  /** What the column below says, through the cast that Spark puts on it. */
  private static Metadata ofColumn(Expression column, LogicalPlan node) {
    if (column instanceof Cast cast) {
      return ofColumn(cast.child(), node);
    }
    return column instanceof Attribute attribute
        ? node.children()
            .head()
            .output()
            .find(each -> each.exprId().equals(attribute.exprId()))
            .getOrElse(() -> attribute)
            .metadata()
        : Metadata.empty();
  }

  static Alias withMetadata(Alias alias, Metadata metadata) {
    return new Alias(
        alias.child(),
        alias.name(),
        alias.exprId(),
        alias.qualifier(),
        Option.apply(metadata),
        alias.nonInheritableMetadataKeys());
  }
}
