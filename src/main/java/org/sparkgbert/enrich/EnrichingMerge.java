package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.LakeTable;

/**
 * The MERGE that fills embedding columns. A row gets its vector only if it still has the text that
 * was encoded.
 *
 * @param idColumn column of the table that tells rows apart
 * @param textColumn column with the text
 * @param target the columns
 * @param fingerprint what makes their vectors
 */
record EnrichingMerge(
    String idColumn, String textColumn, TargetColumns target, String fingerprint) {
  private static final String ID = Reserved.PREFIX + "id";
  private static final String HASH = Reserved.PREFIX + "hash";
  private static final String SET = Reserved.PREFIX + "set";
  private static final String OLD = Reserved.PREFIX + "old";

  /** The columns as they are staged. */
  private static final EnrichedColumns STAGED =
      new EnrichedColumns(new EmbeddingColumns(Reserved.PREFIX + "embedding"));

  /**
   * The rows to stage.
   *
   * @param wanted columns as in {@link WantedRows}
   * @param vectors columns as in {@link VectorRows#SCHEMA}, no key twice
   */
  Dataset<Row> rows(Dataset<Row> wanted, Dataset<Row> vectors) {
    Column key = col(WantedRows.KEY);
    EmbeddingColumns made = VectorRows.COLUMNS;
    EmbeddingColumns staged = STAGED.embedding();
    Column isBlank = key.isNull();
    Column isMade = col(made.status()).isNotNull();
    Column isFilled = isBlank.or(isMade);
    // A text that has to wait for the next run must not keep the vector of another.
    Column isSet = col(WantedRows.WANTED).and(isFilled.or(col(WantedRows.CHANGED)));
    return wanted
        .join(vectors, key.equalTo(col(VectorRows.KEY)), "left")
        .select(
            col(WantedRows.ID).as(ID),
            col(WantedRows.HASH).as(HASH),
            isSet.as(SET),
            col(WantedRows.OLD).as(OLD),
            col(made.embedding()).as(staged.embedding()),
            when(isBlank, EmbeddingStatus.EMPTY.label())
                .otherwise(col(made.status()))
                .as(staged.status()),
            when(isBlank, 0).otherwise(col(made.tokens())).as(staged.tokens()),
            col(made.error()).as(staged.error()),
            when(isMade, key).as(STAGED.key()),
            when(isFilled, fingerprint).as(STAGED.fingerprint()))
        .where(col(SET).or(col(OLD)));
  }

  /** Publishes staged rows. */
  void run(SparkSession spark, LakeTable table, StagedRows staged, Progress progress) {
    new TableMerge(
            table,
            staged,
            isSameRow().and(isToDo()),
            List.of(new TableMerge.Update(Optional.empty(), values())))
        .run(spark, () -> {}, progress);
  }

  private Column isSameRow() {
    return ColumnNames.column(idColumn)
        .equalTo(col(ID))
        .and(WantedRows.hash(ColumnNames.column(textColumn)).eqNullSafe(col(HASH)));
  }

  /** Another run may have done it meanwhile. */
  private Column isToDo() {
    Column todo = col(SET).and(not(isDone(target.columns())));
    return target
        .old()
        .map(old -> todo.or(col(OLD).and(ColumnNames.column(old.embedding().status()).isNotNull())))
        .orElse(todo);
  }

  private static Column isDone(EnrichedColumns columns) {
    return same(columns.key(), STAGED.key())
        .and(same(columns.fingerprint(), STAGED.fingerprint()))
        .and(same(columns.embedding().status(), STAGED.embedding().status()));
  }

  private static Column same(String column, String staged) {
    return ColumnNames.column(column).eqNullSafe(col(staged));
  }

  private Map<String, Column> values() {
    Map<String, Column> values = new LinkedHashMap<>();
    List<String> names = target.columns().names();
    for (int i = 0; i < names.size(); i++) {
      Column now = ColumnNames.column(names.get(i));
      values.put(names.get(i), when(col(SET), col(STAGED.names().get(i))).otherwise(now));
    }
    target.old().ifPresent(old -> old.names().forEach(name -> values.put(name, withoutOld(name))));
    return values;
  }

  private static Column withoutOld(String name) {
    return when(not(col(OLD)), ColumnNames.column(name));
  }

  /** Numbers of staged rows. */
  static Counts counts(Dataset<Row> staged) {
    Column isSet = when(col(SET), 1L).otherwise(0L);
    Column status = col(STAGED.embedding().status());
    Row sums =
        staged
            .agg(
                functions.count(lit(1)),
                sum(isSet),
                sum(when(status.equalTo(EmbeddingStatus.FAILED.label()), isSet).otherwise(0L)),
                sum(when(col(STAGED.fingerprint()).isNotNull(), isSet).otherwise(0L)),
                sum(when(col(STAGED.key()).isNotNull(), isSet).otherwise(0L)),
                functions.first(col(STAGED.embedding().error()), true))
            .head();
    return new Counts(
        sums.getLong(0),
        sums.getLong(1),
        sums.getLong(2),
        sums.getLong(3),
        sums.getLong(4),
        sums.getString(5));
  }

  private static Column sum(Column values) {
    return coalesce(functions.sum(values), lit(0L).cast(DataTypes.LongType));
  }

  /**
   * Numbers of staged rows.
   *
   * @param rows all
   * @param set those whose columns are filled, or cleared
   * @param failed those whose texts failed
   * @param filled those that do not have to wait for another run
   * @param withText of these, those that get a vector or a status of their text
   * @param firstError why one failed; null if none did
   */
  record Counts(long rows, long set, long failed, long filled, long withText, String firstError) {}

  /** How many staged rows the table has now as they were staged. */
  long applied(Dataset<Row> table, Dataset<Row> staged) {
    EnrichedColumns columns = target.columns();
    return table
        .select(
            ColumnNames.column(idColumn),
            ColumnNames.column(columns.key()),
            ColumnNames.column(columns.fingerprint()),
            ColumnNames.column(columns.embedding().status()))
        .join(
            staged
                .where(col(SET))
                .select(ID, STAGED.key(), STAGED.fingerprint(), STAGED.embedding().status()),
            ColumnNames.column(idColumn).equalTo(col(ID)).and(isDone(columns)))
        .count();
  }
}
