package org.sparkgbert.check;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.Int8Vectors;

/** Looks at the scales of vectors that have a byte per element. */
final class ScaleCheck {
  private ScaleCheck() {}

  /**
   * What keeps vectors from being read; nothing if they are floats.
   *
   * @param column the column of vectors
   */
  static List<String> findings(Dataset<Row> rows, String column) {
    if (!Int8Vectors.isIn(rows.schema().apply(column).dataType())) {
      return List.of();
    }
    String name = new EmbeddingColumns(column).scale();
    if (!Arrays.asList(rows.schema().fieldNames()).contains(name)) {
      return List.of(
          "column %s: missing, without it nobody can read column %s".formatted(name, column));
    }
    Column vector = ColumnNames.column(column);
    Column scale = ColumnNames.column(name);
    Map<String, Column> broken = new LinkedHashMap<>();
    broken.put("with bytes and no scale", vector.isNotNull().and(scale.isNull()));
    broken.put("with a scale and no bytes", vector.isNull().and(scale.isNotNull()));
    broken.put(
        "with a scale that is negative or not finite",
        scale.lt(0).or(functions.isnan(scale)).or(scale.equalTo(Float.POSITIVE_INFINITY)));
    return BrokenRows.findings(rows, column, broken);
  }
}
