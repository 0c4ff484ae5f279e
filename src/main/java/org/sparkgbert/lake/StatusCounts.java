package org.sparkgbert.lake;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EmbeddingStatus;

/**
 * Numbers of rows by status.
 *
 * @param rows all rows
 * @param byColumn for each status column its counts by status
 */
public record StatusCounts(long rows, Map<String, Map<String, Long>> byColumn) {
  /** Counts rows without a status, which wait for a run that fills their columns. */
  public static final String NO_STATUS = String.valueOf((Object) null);

  /** Counts a table's rows, in one Spark job over its status columns. */
  public static StatusCounts of(Dataset<Row> table, List<StatusColumn> columns) {
    Column[] statuses =
        columns.stream().map(column -> ColumnNames.column(column.status())).toArray(Column[]::new);
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    columns.forEach(column -> counts.put(column.status(), new TreeMap<>()));
    long rows = 0;
    for (Row group : table.groupBy(statuses).count().collectAsList()) {
      long size = group.getLong(statuses.length);
      rows += size;
      for (int i = 0; i < statuses.length; i++) {
        counts
            .get(columns.get(i).status())
            .merge(String.valueOf(group.getString(i)), size, Long::sum);
      }
    }
    return new StatusCounts(rows, counts);
  }

  /**
   * @param table the table's name, for messages
   * @param expected its rows, if that is known
   * @throws IllegalStateException if there are others
   */
  void requireRows(String table, OptionalLong expected) {
    if (expected.isPresent() && expected.getAsLong() != rows) {
      throw new IllegalStateException(
          "Cannot publish table %s: it must have %d rows, found %d"
              .formatted(table, expected.getAsLong(), rows));
    }
  }

  /**
   * @throws TooManyFailuresException if a larger share of rows failed than may
   */
  public void requireFewFailures(double maxShare, Dataset<Row> table, List<StatusColumn> columns) {
    for (StatusColumn column : columns) {
      long failed = byColumn.get(column.status()).getOrDefault(EmbeddingStatus.FAILED.label(), 0L);
      if (column.error().isPresent() && failed > maxShare * rows) {
        Column error = ColumnNames.column(column.error().get());
        Row first = table.where(error.isNotNull()).select(error).first();
        throw new TooManyFailuresException(failed, rows, maxShare, first.getString(0));
      }
    }
  }
}
