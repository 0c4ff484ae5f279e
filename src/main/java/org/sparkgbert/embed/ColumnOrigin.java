package org.sparkgbert.embed;

import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.ArrayTransform;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.AssertNotNull;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.lake.EmbeddingProvenance;
import scala.jdk.javaapi.CollectionConverters;

/** Where a column of a plan comes from, through what Spark puts around it. */
final class ColumnOrigin {
  private ColumnOrigin() {}

  /** What the column itself says. */
  static Optional<EmbeddingProvenance> said(Attribute column) {
    return said(column.name(), column.dataType(), column.metadata());
  }

  private static Optional<EmbeddingProvenance> said(String name, DataType type, Metadata metadata) {
    return EmbeddingProvenance.of(new StructField(name, type, true, metadata));
  }

  /** The column as its projection defines it. */
  private static Expression defined(Attribute column, LogicalPlan plan) {
    return plan instanceof Project project
        ? CollectionConverters.asJava(project.projectList()).stream()
            .filter(each -> each.exprId().equals(column.exprId()))
            .<Expression>map(Expression.class::cast)
            .findFirst()
            .orElse(column)
        : column;
  }

  /** Without casts, names, and checks that Spark puts on what is written. */
  static Expression stripped(Expression value) {
    if (value instanceof Alias || value instanceof Cast || value instanceof AssertNotNull) {
      return stripped(value.children().head());
    }
    return value instanceof ArrayTransform each ? stripped(each.argument()) : value;
  }

  /** Whether it is null in each row, so that nothing made it. */
  static boolean isNull(Attribute column, LogicalPlan plan) {
    Expression value = stripped(defined(column, plan));
    if (plan instanceof Project project && value instanceof Attribute below) {
      return isNull(below, project.child());
    }
    return value instanceof Literal literal && literal.value() == null;
  }

  /** What made a value: a call, or what a column says. */
  static Optional<EmbeddingProvenance> made(Expression value) {
    Expression origin = stripped(value);
    if (origin instanceof EmbedCall call && call.output() == EmbedOutput.EMBEDDING) {
      return said("", call.dataType(), call.provenance());
    }
    return origin instanceof Attribute column ? said(column) : Optional.empty();
  }

  /**
   * What made a column that is to be written. Spark gives it the name and the metadata of the
   * table's column; what says the same as that is looked through.
   */
  static Optional<EmbeddingProvenance> made(
      Attribute column, LogicalPlan plan, EmbeddingProvenance table) {
    Expression value = defined(column, plan);
    Optional<EmbeddingProvenance> says =
        value instanceof Alias alias
            ? said(alias.name(), alias.dataType(), alias.metadata())
            : said(column);
    if (says.isPresent() && !says.get().equals(table)) {
      return says;
    }
    Expression origin = stripped(value);
    return plan instanceof Project project && origin instanceof Attribute below
        ? made(below, project.child(), table)
        : made(origin);
  }
}
