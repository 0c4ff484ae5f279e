package org.sparkgbert.check;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.action.Amount;

/** Counts rows that violate promises, in one pass over a table. */
final class BrokenRows {
  private BrokenRows() {}

  /**
   * One line for each promise that rows violate, with their number.
   *
   * @param column the column that the promises are about
   * @param broken what is wrong with a row, and the condition for it
   */
  static List<String> findings(Dataset<Row> rows, String column, Map<String, Column> broken) {
    if (broken.isEmpty()) {
      return List.of();
    }
    Column[] counts = broken.values().stream().map(functions::count_if).toArray(Column[]::new);
    Row found = rows.select(counts).first();
    List<String> findings = new ArrayList<>();
    int index = 0;
    for (String what : broken.keySet()) {
      long count = found.getLong(index++);
      if (count > 0) {
        findings.add("column %s: %s %s".formatted(column, Amount.of(count, "row"), what));
      }
    }
    return findings;
  }

  static Column isNotFinite(Column value) {
    return value.isNaN().or(abs(value).equalTo(lit(Float.POSITIVE_INFINITY)));
  }
}
