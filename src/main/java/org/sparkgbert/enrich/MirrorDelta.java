package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.corpus.JoinedIds;
import org.sparkgbert.corpus.UniqueIds;

/**
 * How a corpus differs from the table of its embeddings, row by row.
 *
 * <p><b>Ownership:</b> kept by the executors until it is closed.
 *
 * @param rows those to which something happened: columns {@code id}, {@code change}, {@code file},
 *     {@code blank} and {@code rows}, which is 1
 * @param counts numbers of rows by change and file
 * @param kept what the executors keep
 */
record MirrorDelta(Dataset<Row> rows, List<Count> counts, Dataset<Row> kept)
    implements AutoCloseable {
  static final String ID = CurrentTable.ID;
  static final String CHANGE = "change";
  static final String FILE = CurrentTable.FILE;

  private static final String BLANK = "blank";
  private static final String ROWS = "rows";
  private static final String MADE = "made";
  private static final String FRESH = "fresh_";
  private static final String CURRENT = "current_";

  /** What became of a row. */
  enum Change {
    /** It is not in the table. */
    NEW,
    /** The table has no vector of this text and model. */
    CHANGED,
    /** Its text and model are the same, and another column is not. */
    REFRESHED,
    /** It is the same. */
    UNCHANGED,
    /** It is in the table only. */
    VANISHED,
    /** It is not in the table, and its text is left to the next run. */
    NEW_LATER,
    /** The table has no vector of its text and model, and that is left to the next run. */
    CHANGED_LATER;

    /** Whether its vector has to be looked up or made. */
    boolean isWanted() {
      return this == NEW || this == CHANGED;
    }
  }

  /**
   * A number of rows.
   *
   * @param change what became of them
   * @param file the file of the table that they are in, empty if in none
   * @param blank whether they have no text
   * @param rows how many
   */
  record Count(Change change, String file, boolean blank, long rows) {}

  /**
   * Compares.
   *
   * @param fresh the corpus: columns {@code id}, {@code key} and {@code digest}
   * @param current the table: the same and {@code fingerprint}, {@code status} and {@code file}
   * @param fingerprint what makes the vectors of this run
   * @throws IllegalArgumentException if an id is null, or occurs twice
   */
  static MirrorDelta of(
      Dataset<Row> fresh, Dataset<Row> current, String fingerprint, String idColumn) {
    long currentRows = current.count();
    if (currentRows == 0) {
      UniqueIds.requireInAll("enrich", fresh.select(ID), idColumn, "corpus", "");
      Dataset<Row> all =
          fresh.select(
              col(ID),
              lit(Change.NEW.name()).as(CHANGE),
              lit("").as(FILE),
              isBlank("").as(BLANK),
              lit(1L).as(ROWS));
      return new MirrorDelta(all, count(all), all);
    }
    long freshRows = fresh.count();
    Dataset<Row> all =
        compared(fresh, current, fingerprint).persist(StorageLevel.MEMORY_AND_DISK());
    MirrorDelta delta =
        new MirrorDelta(all.where(col(CHANGE).notEqual(Change.UNCHANGED.name())), count(all), all);
    if (!delta.isOneToOne(freshRows, currentRows)) {
      delta.close();
      UniqueIds.requireInAll("enrich", fresh.select(ID), idColumn, "corpus", "");
      UniqueIds.requireInAll("enrich", current.select(ID), idColumn, "table", "");
      throw new IllegalStateException(
          "Cannot enrich: rows of the corpus or of the table changed while they were compared; run again");
    }
    return delta;
  }

  /** Rows by what became of them; those to which nothing happened are only counted. */
  private static Dataset<Row> compared(
      Dataset<Row> fresh, Dataset<Row> current, String fingerprint) {
    Dataset<Row> old =
        current.select(
            col(ID),
            col(VectorRows.KEY),
            col(CurrentTable.DIGEST),
            col(FILE),
            isMade(fingerprint).as(MADE));
    Column isSame = col(CHANGE).equalTo(Change.UNCHANGED.name());
    return prefixed(fresh, FRESH)
        .join(prefixed(old, CURRENT), col(FRESH + ID).equalTo(col(CURRENT + ID)), "full_outer")
        .select(
            coalesce(col(FRESH + ID), col(CURRENT + ID)).as(ID),
            change().as(CHANGE),
            coalesce(col(CURRENT + FILE), lit("")).as(FILE),
            when(col(FRESH + ID).isNotNull(), isBlank(FRESH)).otherwise(isBlank(CURRENT)).as(BLANK))
        .groupBy(
            when(not(isSame), col(ID)).as(ID),
            col(CHANGE),
            when(isSame, "").otherwise(col(FILE)).as(FILE),
            not(isSame).and(col(BLANK)).as(BLANK))
        .agg(functions.count(lit(1)).as(ROWS));
  }

  private boolean isOneToOne(long freshRows, long currentRows) {
    Map<Change, Long> found = byChange();
    long all = found.values().stream().mapToLong(Long::longValue).sum();
    Dataset<Row> unmatched = rows.where(isOneOf(Change.NEW, Change.VANISHED)).select(ID, ROWS);
    return new JoinedIds(all, found.get(Change.NEW), found.get(Change.VANISHED), unmatched)
        .isOneToOne(freshRows, currentRows);
  }

  private static Dataset<Row> prefixed(Dataset<Row> rows, String prefix) {
    return rows.select(
        Stream.of(rows.columns()).map(name -> col(name).as(prefix + name)).toArray(Column[]::new));
  }

  private static Column isBlank(String prefix) {
    return col(prefix + VectorRows.KEY).isNull();
  }

  private static Column isMade(String fingerprint) {
    return coalesce(
        col(CurrentTable.FINGERPRINT)
            .equalTo(fingerprint)
            .and(VectorRows.isMade(col(CurrentTable.STATUS))),
        lit(false));
  }

  private static Column change() {
    Column made = col(CURRENT + MADE);
    Column sameText = same(VectorRows.KEY);
    return when(col(CURRENT + ID).isNull(), Change.NEW.name())
        .when(col(FRESH + ID).isNull(), Change.VANISHED.name())
        .when(not(sameText.and(made)), Change.CHANGED.name())
        .when(same(CurrentTable.DIGEST), Change.UNCHANGED.name())
        .otherwise(Change.REFRESHED.name());
  }

  private static Column same(String column) {
    return col(FRESH + column).eqNullSafe(col(CURRENT + column));
  }

  /** Whether all rows of the corpus have to be looked up or made. */
  boolean isAllWanted() {
    Map<Change, Long> rows = byChange();
    return rows.get(Change.REFRESHED)
            + rows.get(Change.UNCHANGED)
            + rows.get(Change.NEW_LATER)
            + rows.get(Change.CHANGED_LATER)
        == 0;
  }

  /**
   * The same where some texts are left to the next run.
   *
   * @param ids the ids of their rows, in the column {@code id}
   */
  MirrorDelta later(Dataset<Row> ids) {
    Dataset<Row> late = ids.select(col(ID).as("late_id"));
    Column change =
        when(col("late_id").isNull(), col(CHANGE))
            .when(col(CHANGE).equalTo(Change.NEW.name()), Change.NEW_LATER.name())
            .otherwise(Change.CHANGED_LATER.name());
    Dataset<Row> adjusted =
        rows.join(late, col(ID).equalTo(col("late_id")), "left")
            .select(col(ID), change.as(CHANGE), col(FILE), col(BLANK), col(ROWS))
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<Count> all = new ArrayList<>(count(adjusted));
    counts.stream().filter(each -> each.change() == Change.UNCHANGED).forEach(all::add);
    return new MirrorDelta(adjusted, all, adjusted);
  }

  private static List<Count> count(Dataset<Row> rows) {
    return rows.groupBy(CHANGE, FILE, BLANK).agg(functions.sum(ROWS)).collectAsList().stream()
        .map(
            row ->
                new Count(
                    Change.valueOf(row.getString(0)),
                    row.getString(1),
                    row.getBoolean(2),
                    row.getLong(3)))
        .toList();
  }

  /** Whether a row's change is one of some. */
  static Column isOneOf(Change... changes) {
    return col(CHANGE).isin(Stream.of(changes).map(Change::name).toArray());
  }

  /** Whether something of some kinds happened to any row. */
  boolean has(Change... changes) {
    Map<Change, Long> rows = byChange();
    return Stream.of(changes).anyMatch(change -> rows.get(change) > 0);
  }

  /** Numbers of rows by change. */
  Map<Change, Long> byChange() {
    Map<Change, Long> sums = new EnumMap<>(Change.class);
    for (Change change : Change.values()) {
      sums.put(change, 0L);
    }
    counts.forEach(each -> sums.merge(each.change(), each.rows(), Long::sum));
    return sums;
  }

  /** Rows whose vectors have to be looked up or made, without those that have no text. */
  long wantedRows() {
    return counts.stream()
        .filter(each -> each.change().isWanted() && !each.blank())
        .mapToLong(Count::rows)
        .sum();
  }

  @Override
  public void close() {
    kept.unpersist();
  }
}
