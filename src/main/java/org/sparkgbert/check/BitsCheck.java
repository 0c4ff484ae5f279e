package org.sparkgbert.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.EmbeddingProvenance;

/** Looks at vectors that have a bit per element. */
final class BitsCheck {
  private BitsCheck() {}

  /**
   * What keeps vectors from being read; nothing if they are not binary.
   *
   * @param column the column of vectors
   * @param made what made them
   */
  static List<String> findings(Dataset<Row> rows, String column, EmbeddingProvenance made) {
    if (!rows.schema().apply(column).dataType().equals(DataTypes.BinaryType)) {
      return List.of();
    }
    if (made.mean() == null || made.mean().size() != made.dimension()) {
      return List.of(
          "column %s: its metadata has no mean of %d dimensions, without which nobody can read it"
              .formatted(column, made.dimension()));
    }
    int bytes = BinaryVectors.bytes(made.dimension());
    int spare = bytes * Byte.SIZE - made.dimension();
    Column vector = ColumnNames.column(column);
    Map<String, Column> broken = new LinkedHashMap<>();
    broken.put(
        "whose embedding does not have %d bytes".formatted(bytes),
        functions.length(vector).notEqual(bytes));
    if (spare > 0) {
      Column last = functions.conv(functions.hex(functions.substring(vector, bytes, 1)), 16, 10);
      broken.put(
          "whose last %d bits are not 0".formatted(spare),
          last.cast("int").mod(1 << spare).notEqual(0));
    }
    return BrokenRows.findings(rows, column, broken);
  }
}
