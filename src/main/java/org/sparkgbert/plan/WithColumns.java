package org.sparkgbert.plan;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * Logical operator: the rows of a child, each with new columns at its end. Rows and their order
 * stay the same, so the optimizer may drop columns below it that nobody reads.
 */
@SuppressWarnings("serial") // Spark sends plans to executors; its sequences are serializable.
public final class WithColumns extends LogicalPlan implements UnaryNode {
  private static final long serialVersionUID = 1L;

  private final ColumnFunction function;
  private final Seq<Attribute> inputs;
  private final Seq<Attribute> columns;
  private final LogicalPlan child;

  /**
   * @param inputs columns of the child that the function reads
   * @param columns what the function computes
   */
  public WithColumns(
      ColumnFunction function, Seq<Attribute> inputs, Seq<Attribute> columns, LogicalPlan child) {
    this.function = function;
    this.inputs = inputs;
    this.columns = columns;
    this.child = child;
  }

  /**
   * A table with new columns at its end.
   *
   * @param inputs positions of the columns that the function reads
   * @param columns the new columns, which the function computes
   */
  public static Dataset<Row> of(
      Dataset<Row> table, ColumnFunction function, List<Integer> inputs, StructType columns) {
    var rows = (org.apache.spark.sql.classic.Dataset<Row>) table;
    WithColumnsStrategy.register(rows.sparkSession());
    LogicalPlan child = rows.logicalPlan();
    List<Attribute> read = inputs.stream().map(child.output()::apply).toList();
    WithColumns node =
        new WithColumns(
            function,
            Sequences.of(read),
            Sequences.of(Sequences.list(DataTypeUtils.toAttributes(columns))),
            child);
    return org.apache.spark.sql.classic.Dataset.ofRows(rows.sparkSession(), node.renewable());
  }

  /**
   * The same table with aliases of the new columns. Where a plan has a table twice, as in a join
   * with itself, Spark renews the aliases of one.
   */
  private Project renewable() {
    Stream<NamedExpression> carried = Sequences.list(child.output()).stream().map(each -> each);
    Stream<NamedExpression> added = Sequences.list(columns).stream().map(WithColumns::alias);
    return new Project(Sequences.of(Stream.concat(carried, added).toList()), this);
  }

  private static NamedExpression alias(Attribute column) {
    ExprId id = NamedExpression.newExprId();
    return new Alias(
        column,
        column.name(),
        id,
        Sequences.of(List.of()),
        Option.empty(),
        Sequences.of(List.of()));
  }

  ColumnFunction function() {
    return function;
  }

  Seq<Attribute> inputs() {
    return inputs;
  }

  Seq<Attribute> columns() {
    return columns;
  }

  @Override
  public LogicalPlan child() {
    return child;
  }

  @Override
  public Seq<LogicalPlan> children() {
    return Sequences.of(List.of(child));
  }

  @Override
  public Seq<Attribute> output() {
    return Sequences.concat(child.output(), columns);
  }

  @Override
  public AttributeSet producedAttributes() {
    return Sequences.set(columns);
  }

  @Override
  public Option<Object> maxRows() {
    return child.maxRows();
  }

  @Override
  public Option<Object> maxRowsPerPartition() {
    return child.maxRowsPerPartition();
  }

  @Override
  public LogicalPlan withNewChildInternal(LogicalPlan newChild) {
    return new WithColumns(function, inputs, columns, newChild);
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
    return withNewChildInternal(newChildren.head());
  }

  @Override
  public String nodeName() {
    return function.operator();
  }

  @Override
  public int productArity() {
    return 4;
  }

  @Override
  public Object productElement(int index) {
    return switch (index) {
      case 0 -> function;
      case 1 -> inputs;
      case 2 -> columns;
      case 3 -> child;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof WithColumns;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WithColumns that
        && function.equals(that.function)
        && inputs.equals(that.inputs)
        && columns.equals(that.columns)
        && child.equals(that.child);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
