package org.sparkgbert.plan;

import java.io.Serializable;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;

/**
 * Computes new columns from some columns of a table. Two that are equal compute the same, so that
 * Spark may use the result of one for the other; {@code toString} says in a plan what it is.
 */
public interface ColumnFunction extends Serializable {
  /** Name of the operator in plans and in Spark's UI. */
  String operator();

  /** New metrics for the operator, by their keys; serializable. */
  Map<String, SQLMetric> metrics(SparkContext context);

  /**
   * Begins a partition, in its task.
   *
   * @param inputs positions of the columns that are read
   * @param metrics the operator's, by the keys of {@link #metrics}
   */
  PartitionColumns begin(int[] inputs, Map<String, SQLMetric> metrics);
}
