package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.encode.EmbeddingStatus;

/**
 * Which rows of a table need other embedding columns than they have.
 *
 * <table>
 *   <caption>Columns of the rows</caption>
 *   <tr><td>{@code w_id}</td><td>the row's id</td></tr>
 *   <tr><td>{@code w_text}</td><td>its text</td></tr>
 *   <tr><td>{@code w_hash}</td><td>see {@link #hash}</td></tr>
 *   <tr><td>{@code w_key}</td><td>key of the text; null for null and blank texts</td></tr>
 *   <tr><td>{@code w_age}</td><td>by which texts come first</td></tr>
 *   <tr><td>{@code w_wanted}</td><td>whether its columns have to be filled</td></tr>
 *   <tr><td>{@code w_changed}</td><td>whether they are those of another text</td></tr>
 *   <tr><td>{@code w_new}</td><td>whether it has none yet</td></tr>
 *   <tr><td>{@code w_old}</td><td>whether old columns beside them are those of another text</td></tr>
 * </table>
 *
 * @param table the table
 * @param target the columns to fill
 * @param model what fills them
 * @param settings names of the columns that are read
 */
record WantedRows(
    TableInPlace table, TargetColumns target, RunModel model, EnrichTableSettings settings) {
  static final String ID = "w_id";
  static final String TEXT = "w_text";
  static final String HASH = "w_hash";
  static final String KEY = "w_key";
  static final String AGE = "w_age";
  static final String WANTED = "w_wanted";
  static final String CHANGED = "w_changed";
  static final String NEW = "w_new";
  static final String OLD = "w_old";

  private static final String HAS_KEY = "t_key";
  private static final String HAS_FINGERPRINT = "t_fingerprint";
  private static final String HAS_STATUS = "t_status";
  private static final String OLD_KEY = "o_key";
  private static final String OLD_STATUS = "o_status";

  /**
   * Tells texts apart by their bytes, whatever their collation: built of Spark's own functions, so
   * that a MERGE of any format can ask for it.
   */
  static Column hash(Column text) {
    return sha2(text.cast(DataTypes.BinaryType), 256);
  }

  /**
   * Compares.
   *
   * @param rows rows of the table
   * @return all of them, with the columns above
   */
  Dataset<Row> compared(Dataset<Row> rows) {
    EnrichedColumns columns = target.columns();
    Column text = ColumnNames.column(settings.textColumn());
    return rows.select(
            ColumnNames.column(settings.idColumn()).as(ID),
            text.as(TEXT),
            model.keys().of(text).as(KEY),
            ColumnNames.column(settings.oldestBy()).as(AGE),
            table.columnOrNull(columns.key(), DataTypes.BinaryType).as(HAS_KEY),
            table.columnOrNull(columns.fingerprint(), DataTypes.StringType).as(HAS_FINGERPRINT),
            table.columnOrNull(columns.embedding().status(), DataTypes.StringType).as(HAS_STATUS),
            oldKey().as(OLD_KEY),
            oldStatus().as(OLD_STATUS))
        .select(
            col(ID),
            col(TEXT),
            hash(col(TEXT)).as(HASH),
            col(KEY),
            col(AGE),
            isWanted().as(WANTED),
            isChanged().as(CHANGED),
            col(HAS_STATUS).isNull().as(NEW),
            col(OLD_STATUS).isNotNull().and(not(col(OLD_KEY).eqNullSafe(col(KEY)))).as(OLD));
  }

  /** Rows that a MERGE has to change. */
  static Column isToMerge() {
    return col(WANTED).or(col(OLD));
  }

  /** Texts that were not read are no reason to read them again each time. */
  private Column isWanted() {
    Column isEmpty =
        col(HAS_KEY).isNull().and(col(HAS_STATUS).equalTo(EmbeddingStatus.EMPTY.label()));
    Column isMade =
        col(HAS_KEY)
            .equalTo(col(KEY))
            .and(col(HAS_FINGERPRINT).equalTo(model.fingerprint()))
            .and(col(HAS_STATUS).notEqual(EmbeddingStatus.FAILED.label()));
    return not(coalesce(when(col(KEY).isNull(), isEmpty).otherwise(isMade), lit(false)));
  }

  /** Without keys it is not known of which texts the vectors are. */
  private Column isChanged() {
    return table.has(target.columns().key())
        ? col(HAS_STATUS).isNotNull().and(not(col(HAS_KEY).eqNullSafe(col(KEY))))
        : lit(false);
  }

  private Column oldKey() {
    return target
        .old()
        .map(old -> table.columnOrNull(old.key(), DataTypes.BinaryType))
        .orElse(lit(null).cast(DataTypes.BinaryType));
  }

  private Column oldStatus() {
    return target
        .old()
        .filter(old -> table.has(old.key()))
        .map(old -> table.columnOrNull(old.embedding().status(), DataTypes.StringType))
        .orElse(lit(null).cast(DataTypes.StringType));
  }

  /**
   * @param rows rows that are to be merged
   * @throws IllegalArgumentException if an id is null, or occurs twice among them
   */
  void requireIds(Dataset<Row> rows) {
    String id = settings.idColumn();
    long nulls = rows.where(col(ID).isNull()).count();
    if (nulls > 0) {
      throw new IllegalArgumentException(
          "Cannot enrich table %s: ids must not be null, found %d rows without %s; give them ids, or delete them"
              .formatted(table.table().name(), nulls, id));
    }
    UniqueIds.require("enrich table " + table.table().name(), rows.select(col(ID).as(id)), id);
  }

  /** Numbers of rows that are to be merged. */
  static Counts counts(Dataset<Row> rows) {
    Column isWanted = when(col(WANTED), 1L).otherwise(0L);
    Row sums =
        rows.agg(
                sum(when(col(NEW), isWanted).otherwise(0L)),
                sum(isWanted),
                sum(when(col(KEY).isNotNull(), isWanted).otherwise(0L)))
            .head();
    return new Counts(sums.getLong(0), sums.getLong(1), sums.getLong(2));
  }

  private static Column sum(Column values) {
    return coalesce(functions.sum(values), lit(0L));
  }

  /**
   * Numbers of rows.
   *
   * @param added rows that have no columns yet
   * @param wanted all whose columns have to be filled
   * @param withText of these, those that have a text
   */
  record Counts(long added, long wanted, long withText) {}

  /** Texts that may have to be encoded, as {@link MissingTexts} wants them. */
  static Dataset<Row> texts(Dataset<Row> rows) {
    return rows.where(col(WANTED).and(col(KEY).isNotNull()))
        .select(
            col(KEY).as(VectorRows.KEY),
            col(TEXT).as(MissingTexts.TEXT),
            col(AGE).as(MissingTexts.AGE));
  }
}
