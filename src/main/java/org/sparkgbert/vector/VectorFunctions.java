package org.sparkgbert.vector;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.classic.ExpressionUtils;

/**
 * Measures of two {@code array<float>} columns, for Datasets and for SQL.
 *
 * <p>The result is a {@code float}, summed in double precision. It is null if an array is null or
 * holds a null. Arrays of other element types are an analysis error; arrays of different dimensions
 * make the query fail. The columns need no registration, but require a session of Spark Classic.
 */
public final class VectorFunctions {
  private VectorFunctions() {}

  /**
   * Registers the SQL functions in a running session. A function that is built into this version of
   * Spark is left alone; a temporary one of the same name is replaced.
   *
   * @throws IllegalArgumentException if the session is one of Spark Connect
   */
  public static void register(SparkSession session) {
    if (!(session instanceof org.apache.spark.sql.classic.SparkSession classic)) {
      throw new IllegalArgumentException(
          "Cannot register functions: the session must be one of Spark Classic, found "
              + session.getClass().getName());
    }
    FunctionRegistry registry = classic.sessionState().functionRegistry();
    for (VectorFunction function : VectorFunction.missing()) {
      registry.registerFunction(function.identifier(), function.info(), function::build);
    }
  }

  /** The measure of two columns. */
  public static Column similarity(Similarity similarity, Column left, Column right) {
    return ExpressionUtils.column(
        new VectorSimilarity(
            similarity, ExpressionUtils.expression(left), ExpressionUtils.expression(right)));
  }
}
