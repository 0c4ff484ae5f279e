package org.sparkgbert.plan;

import java.io.Serializable;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** Appends columns to the rows of a partition; it travels to the executors. */
final class WithColumnsPartition
    extends AbstractFunction1<Iterator<InternalRow>, Iterator<InternalRow>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ColumnFunction function;
  private final int[] inputs;
  private final DataType[] rowTypes;
  private final DataType[] columnTypes;
  private final Map<String, SQLMetric> metrics;

  /**
   * @param inputs positions of the columns that the function reads
   * @param rowTypes types of the rows
   * @param columnTypes types of the new columns
   */
  WithColumnsPartition(
      ColumnFunction function,
      int[] inputs,
      DataType[] rowTypes,
      DataType[] columnTypes,
      Map<String, SQLMetric> metrics) {
    this.function = function;
    this.inputs = inputs;
    this.rowTypes = rowTypes;
    this.columnTypes = columnTypes;
    this.metrics = metrics;
  }

  @Override
  public Iterator<InternalRow> apply(Iterator<InternalRow> partition) {
    PartitionColumns columns = function.begin(inputs, metrics);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> columns.close());
    return CollectionConverters.asScala(
        new WindowedRows(CollectionConverters.asJava(partition), columns, rowTypes, columnTypes));
  }
}
