package org.sparkgbert.sts;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.vector.Similarity;

/**
 * Columns of a table of pairs as numbers: double, null where there is no finite number.
 *
 * @param goldColumn column with the gold scores, as numbers or as text
 * @param similarities which scores are wanted
 */
record ScoreColumns(String goldColumn, List<Similarity> similarities) {
  private static final String CANNOT = "Cannot evaluate: column ";

  ScoreColumns {
    if (similarities.isEmpty()) {
      throw new IllegalArgumentException("Cannot evaluate: no similarity is chosen");
    }
  }

  /**
   * @throws IllegalArgumentException if a column is missing or cannot hold numbers
   */
  void check(StructType schema) {
    List<String> scores = similarities.stream().map(Similarity::column).toList();
    checkGold(schema);
    ColumnNames.require("evaluate", scores, schema);
    scores.forEach(score -> requireNumeric(score, schema.apply(score).dataType()));
  }

  /**
   * @throws IllegalArgumentException if the gold column is missing or cannot hold numbers
   */
  void checkGold(StructType schema) {
    ColumnNames.require("evaluate", List.of(goldColumn), schema);
    DataType goldType = schema.apply(goldColumn).dataType();
    if (!(goldType instanceof StringType)) {
      requireNumeric(goldColumn, goldType);
    }
  }

  private static void requireNumeric(String column, DataType type) {
    if (!(type instanceof NumericType)) {
      throw new IllegalArgumentException(
          CANNOT + column + " must hold numbers, found type " + type.simpleString());
    }
  }

  /** Gold score, scores, and the gold score if it is not a number (else null), in this order. */
  Dataset<Row> select(Dataset<Row> pairs) {
    List<Column> columns = new ArrayList<>(List.of(gold()));
    similarities.forEach(similarity -> columns.add(score(similarity)));
    columns.add(notANumber());
    return pairs.select(columns.toArray(Column[]::new));
  }

  /** The gold score. */
  Column gold() {
    return finite(goldNumber());
  }

  /** The gold score if there is one and it is not a number. */
  Column notANumber() {
    Column gold = ColumnNames.column(goldColumn);
    return when(gold.isNotNull().and(goldNumber().isNull()), gold.cast(DataTypes.StringType));
  }

  private Column goldNumber() {
    return ColumnNames.column(goldColumn).try_cast(DataTypes.DoubleType);
  }

  /** A score; distances are negated. */
  static Column score(Similarity similarity) {
    Column score = ColumnNames.column(similarity.column()).cast(DataTypes.DoubleType);
    return finite(similarity.isDistance() ? lit(0.0).minus(score) : score);
  }

  /** The number if it is finite, without the sign of a zero. */
  private static Column finite(Column number) {
    // Spark treats NaN as greater than infinity.
    return when(abs(number).lt(Double.POSITIVE_INFINITY), number.plus(0.0));
  }

  /** The error for a gold score that is not a number. */
  IllegalArgumentException notANumber(String found) {
    return new IllegalArgumentException(
        CANNOT + goldColumn + " must hold numbers, found '" + found + "'");
  }
}
