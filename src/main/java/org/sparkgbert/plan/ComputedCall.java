package org.sparkgbert.plan;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.StructType;

/**
 * A call inside an expression whose value an operator {@link WithColumns} computes, windows of rows
 * at a time; {@link LiftCalls} puts the operator below. Expressions implement it.
 */
public interface ComputedCall {
  /** What computes it. */
  ColumnFunction function();

  /** All columns that the function computes. */
  StructType columns();

  /** Position of the call's value among them. */
  int column();

  /** What the function reads. */
  Expression input();
}
