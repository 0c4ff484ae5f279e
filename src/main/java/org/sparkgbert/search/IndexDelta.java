package org.sparkgbert.search;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.JoinedIds;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.enrich.RowDigest;

/**
 * How a corpus differs from its index, row by row: by all columns of the corpus, the embedding
 * among them.
 *
 * <p><b>Ownership:</b> kept by the executors until it is closed.
 *
 * @param rows those to which something happened: their ids, what it was, and the cell that they
 *     were in
 * @param counts numbers of rows by change and the cell that they were in
 * @param kept what the executors keep
 */
record IndexDelta(Dataset<Row> rows, Map<Change, Map<Integer, Long>> counts, Dataset<Row> kept)
    implements AutoCloseable {
  static final String ID = "spark_gbert_delta_id";
  private static final String CHANGE = "spark_gbert_delta_change";

  private static final String CELL = "spark_gbert_delta_cell";
  private static final String DIGEST = "delta_digest";
  private static final String OLD_ID = "old_id";
  private static final String OLD_DIGEST = "old_digest";
  private static final String ROWS = "rows";

  /** What became of a row. */
  enum Change {
    /** It is not in the index. */
    NEW,
    /** A column is another. */
    CHANGED,
    /** It is the same. */
    UNCHANGED,
    /** It is in the index only. */
    VANISHED
  }

  /**
   * Compares.
   *
   * @param corpus the corpus
   * @param index all rows of the index
   * @throws IllegalArgumentException if an id is null, or occurs twice
   */
  static IndexDelta of(IndexedCorpus corpus, Dataset<Row> index) {
    Column[] columns = ColumnNames.columns(List.of(corpus.rows().columns()));
    Column id = ColumnNames.column(corpus.idColumn());
    Dataset<Row> fresh = corpus.rows().select(id.as(ID), RowDigest.of(columns).as(DIGEST));
    Dataset<Row> old =
        index.select(
            id.as(OLD_ID), RowDigest.of(columns).as(OLD_DIGEST), col(IndexColumns.CELL).as(CELL));
    Dataset<Row> all =
        fresh
            .join(old, col(ID).equalTo(col(OLD_ID)), "full_outer")
            .select(coalesce(col(ID), col(OLD_ID)).as(ID), change().as(CHANGE), col(CELL));
    Column isSame = col(CHANGE).equalTo(Change.UNCHANGED.name());
    // Rows to which nothing happened are only counted, by cell.
    Dataset<Row> grouped =
        all.groupBy(when(isSame, null).otherwise(col(ID)).as(ID), col(CHANGE), col(CELL))
            .agg(count(lit(1)).as(ROWS))
            .persist(StorageLevel.MEMORY_AND_DISK());
    Map<Change, Map<Integer, Long>> counts = counts(grouped);
    IndexDelta delta =
        new IndexDelta(
            grouped.where(col(CHANGE).notEqual(Change.UNCHANGED.name())), counts, grouped);
    try {
      if (!delta.isOneToOne(fresh.count(), index.count())) {
        requireIds(fresh.select(ID), corpus.idColumn(), "corpus");
        requireIds(index.select(id), corpus.idColumn(), "index");
        throw new IllegalStateException(
            "Cannot update index: rows of the corpus or of the index changed while they were"
                + " compared; run again");
      }
      return delta;
    } catch (RuntimeException e) {
      delta.close();
      throw e;
    }
  }

  private static Column change() {
    return when(col(OLD_ID).isNull(), Change.NEW.name())
        .when(col(ID).isNull(), Change.VANISHED.name())
        .when(col(DIGEST).equalTo(col(OLD_DIGEST)), Change.UNCHANGED.name())
        .otherwise(Change.CHANGED.name());
  }

  private static Map<Change, Map<Integer, Long>> counts(Dataset<Row> grouped) {
    Map<Change, Map<Integer, Long>> counts = new HashMap<>();
    for (Change change : Change.values()) {
      counts.put(change, new HashMap<>());
    }
    grouped
        .groupBy(CHANGE, CELL)
        .agg(sum(ROWS))
        .collectAsList()
        .forEach(
            row ->
                counts
                    .get(Change.valueOf(row.getString(0)))
                    .put(row.isNullAt(1) ? IndexColumns.NO_CELL : row.getInt(1), row.getLong(2)));
    return counts;
  }

  private boolean isOneToOne(long corpusRows, long indexRows) {
    long all = counts.keySet().stream().mapToLong(this::number).sum();
    Dataset<Row> unmatched = rows.where(isOneOf(Change.NEW, Change.VANISHED)).select(ID, ROWS);
    return new JoinedIds(all, number(Change.NEW), number(Change.VANISHED), unmatched)
        .isOneToOne(corpusRows, indexRows);
  }

  private static Column isOneOf(Change... changes) {
    return col(CHANGE).isin(Arrays.stream(changes).map(Change::name).toArray());
  }

  private static void requireIds(Dataset<Row> ids, String idColumn, String where) {
    UniqueIds.requireInAll("update index", ids, idColumn, where, ", and build the index again");
  }

  /** Whether the index is as its corpus. */
  boolean isNone() {
    return number(Change.NEW) + number(Change.CHANGED) + number(Change.VANISHED) == 0;
  }

  /** Number of rows that something happened to, or nothing. */
  long number(Change change) {
    return counts.get(change).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Ids of rows to which one of some things happened: a column {@link #ID}. */
  Dataset<Row> ids(Change... changes) {
    return rows.where(isOneOf(changes)).select(ID);
  }

  /** The cells of the index, without that of rows that cannot be compared. */
  Set<Integer> cells() {
    Set<Integer> cells = new TreeSet<>(cellsLeft());
    cells.addAll(counts.get(Change.UNCHANGED).keySet());
    cells.remove(IndexColumns.NO_CELL);
    return cells;
  }

  /** Cells that rows leave, or in which a row changes. */
  Set<Integer> cellsLeft() {
    Set<Integer> cells = new TreeSet<>(counts.get(Change.CHANGED).keySet());
    cells.addAll(counts.get(Change.VANISHED).keySet());
    return cells;
  }

  /**
   * Numbers of rows by cell, once rows have moved.
   *
   * @param assigned new and changed rows by the cell that they go to
   */
  Map<Integer, Long> after(Map<Integer, Long> assigned) {
    Map<Integer, Long> after = new HashMap<>(counts.get(Change.UNCHANGED));
    assigned.forEach((cell, moved) -> after.merge(cell, moved, Long::sum));
    return after;
  }

  @Override
  public void close() {
    kept.unpersist();
  }
}
