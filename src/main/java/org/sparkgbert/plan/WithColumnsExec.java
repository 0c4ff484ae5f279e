package org.sparkgbert.plan;

import java.util.List;
import java.util.Map;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import org.apache.spark.sql.execution.metric.SQLMetric;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** Physical operator of {@link WithColumns}. */
@SuppressWarnings("serial") // Spark sends plans to executors; its sequences are serializable.
public final class WithColumnsExec extends SparkPlan implements UnaryExecNode {
  private static final long serialVersionUID = 1L;

  private final ColumnFunction function;
  private final Seq<Attribute> inputs;
  private final Seq<Attribute> columns;
  private final SparkPlan child;
  private transient Map<String, SQLMetric> metrics;

  /**
   * @param inputs columns of the child that the function reads
   * @param columns what the function computes
   */
  public WithColumnsExec(
      ColumnFunction function, Seq<Attribute> inputs, Seq<Attribute> columns, SparkPlan child) {
    this.function = function;
    this.inputs = inputs;
    this.columns = columns;
    this.child = child;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    WithColumnsPartition partition =
        new WithColumnsPartition(
            function,
            Sequences.list(inputs).stream().mapToInt(this::position).toArray(),
            Sequences.types(child.output()),
            Sequences.types(columns),
            javaMetrics());
    return child
        .execute()
        .mapPartitionsInternal(
            partition, true, ClassTag$.MODULE$.<InternalRow>apply(InternalRow.class));
  }

  private int position(Attribute input) {
    return child.output().indexWhere(column -> column.exprId().equals(input.exprId()));
  }

  @Override
  public scala.collection.immutable.Map<String, SQLMetric> metrics() {
    return scala.collection.immutable.Map.from(CollectionConverters.asScala(javaMetrics()));
  }

  private synchronized Map<String, SQLMetric> javaMetrics() {
    if (metrics == null) {
      metrics = function.metrics(sparkContext());
    }
    return metrics;
  }

  @Override
  public SparkPlan child() {
    return child;
  }

  @Override
  public Seq<SparkPlan> children() {
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
  public Partitioning outputPartitioning() {
    return child.outputPartitioning();
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return child.outputOrdering();
  }

  @Override
  public SparkPlan withNewChildInternal(SparkPlan newChild) {
    return new WithColumnsExec(function, inputs, columns, newChild);
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return withNewChildInternal(newChildren.head());
  }

  @Override
  public String nodeName() {
    return function.operator();
  }

  @Override
  public String verboseStringWithOperatorId() {
    return UnaryExecNode.super.verboseStringWithOperatorId();
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
    return other instanceof WithColumnsExec;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WithColumnsExec that
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
