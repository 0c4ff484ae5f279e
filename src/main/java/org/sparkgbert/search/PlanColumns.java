package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecutionRDD;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The columns of a table as Spark reads them from its files, for plans that do nothing but select
 * and rename columns. To make a row of them, Spark would copy each embedding element by element.
 *
 * @param scan reads batches of columns
 * @param places where they hold the table's columns
 */
record PlanColumns(SparkPlan scan, int[] places) {
  /** The columns of a table; empty if its plan does more, or what it reads comes in rows. */
  static Optional<PlanColumns> of(QueryExecution query) {
    SparkPlan plan = query.executedPlan();
    List<ExprId> columns = ids(plan.output());
    while (!(plan instanceof ColumnarToRowExec)) {
      if (plan instanceof WholeStageCodegenExec stage) {
        plan = stage.child();
      } else if (plan instanceof InputAdapter adapter) {
        plan = adapter.child();
      } else if (plan instanceof ProjectExec project) {
        Map<ExprId, ExprId> selected = selected(project);
        columns = columns.stream().map(selected::get).toList();
        plan = project.child();
      } else {
        return Optional.empty();
      }
    }
    SparkPlan scan = ((ColumnarToRowExec) plan).child();
    int[] places = columns.stream().mapToInt(ids(scan.output())::indexOf).toArray();
    boolean areAll = columns.stream().allMatch(ids(scan.output())::contains);
    return areAll ? Optional.of(new PlanColumns(scan, places)) : Optional.empty();
  }

  /** The columns that a projection takes as they are, each with what it comes from. */
  private static Map<ExprId, ExprId> selected(ProjectExec project) {
    Map<ExprId, ExprId> selected = new HashMap<>();
    for (NamedExpression column : CollectionConverters.asJava(project.projectList())) {
      Expression value = column instanceof Alias alias ? alias.child() : (Expression) column;
      if (value instanceof Attribute attribute) {
        selected.put(column.exprId(), attribute.exprId());
      }
    }
    return selected;
  }

  private static List<ExprId> ids(Seq<Attribute> attributes) {
    List<ExprId> ids = new ArrayList<>();
    CollectionConverters.asJava(attributes).forEach(attribute -> ids.add(attribute.exprId()));
    return ids;
  }

  /**
   * The batches that the scan reads. Each takes the place of the one before it as soon as there is
   * a look at whether there is a next.
   *
   * @param query the query of the table, whose settings apply when tasks read
   */
  @SuppressWarnings("unchecked")
  JavaRDD<ColumnarBatch> batches(QueryExecution query) {
    // Spark hands batches through an RDD of rows likewise.
    RDD<InternalRow> batches = (RDD<InternalRow>) (RDD<?>) scan.executeColumnar();
    RDD<?> configured = new SQLExecutionRDD(batches, query.sparkSession().sessionState().conf());
    return ((RDD<ColumnarBatch>) configured).toJavaRDD();
  }
}
