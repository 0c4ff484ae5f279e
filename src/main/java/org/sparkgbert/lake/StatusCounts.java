package org.sparkgbert.lake;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.embed.EmbeddingColumns;
import org.sparkgbert.encode.EmbeddingStatus;

/** Counts of rows by what became of their text. */
final class StatusCounts {
  private StatusCounts() {}

  /** Counts a table's rows by status, in one Spark job over that column. */
  static Map<String, Long> of(Dataset<Row> table, EmbeddingColumns columns) {
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : table.groupBy(ColumnNames.column(columns.status())).count().collectAsList()) {
      counts.put(String.valueOf(row.getString(0)), row.getLong(1));
    }
    return counts;
  }

  /**
   * @throws TooManyFailuresException if a larger share of rows failed than may
   */
  static void requireFewFailures(
      Map<String, Long> counts, double maxShare, Dataset<Row> table, EmbeddingColumns columns) {
    long failed = counts.getOrDefault(EmbeddingStatus.FAILED.label(), 0L);
    long rows = sum(counts);
    if (failed > maxShare * rows) {
      Row first =
          table
              .where(ColumnNames.column(columns.error()).isNotNull())
              .select(ColumnNames.column(columns.error()))
              .first();
      throw new TooManyFailuresException(failed, rows, maxShare, first.getString(0));
    }
  }

  static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
