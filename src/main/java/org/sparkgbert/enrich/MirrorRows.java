package org.sparkgbert.enrich;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.enrich.MirrorDelta.Change;

/**
 * The rows of a corpus on their way into its table.
 *
 * @param rows the columns that the table keeps, and those that begin with {@link Reserved#PREFIX}
 * @param id the column that tells rows apart
 * @param kept the columns that the table keeps
 */
record MirrorRows(Dataset<Row> rows, String id, List<String> kept) {
  private static final String KEY = Reserved.PREFIX + "key";
  private static final String TEXT = Reserved.PREFIX + "text";
  private static final String AGE = Reserved.PREFIX + "age";
  private static final String OLD_KEY = Reserved.PREFIX + "old_key";
  private static final String CHANGED_ID = Reserved.PREFIX + "id";

  /**
   * Prepares a corpus.
   *
   * @param kept columns that the table keeps
   * @throws IllegalArgumentException if the corpus has a column with a reserved name
   */
  static MirrorRows of(
      Dataset<Row> corpus, MirrorSettings settings, List<String> kept, RunModel model) {
    Reserved.require("enrich", corpus.schema());
    List<Column> columns = new ArrayList<>(Arrays.asList(ColumnNames.columns(kept)));
    Column text = ColumnNames.column(settings.textColumn());
    columns.add(text.as(TEXT));
    columns.add(ColumnNames.column(settings.oldestBy()).as(AGE));
    columns.add(model.keys().of(text).as(KEY));
    return new MirrorRows(corpus.select(columns.toArray(Column[]::new)), settings.idColumn(), kept);
  }

  /** What is compared with the table: columns {@code id}, {@code key} and {@code digest}. */
  Dataset<Row> compared(boolean withDigest) {
    return rows.select(
        ColumnNames.column(id).as(CurrentTable.ID),
        functions.col(KEY).as(VectorRows.KEY),
        (withDigest ? RowDigest.of(ColumnNames.columns(kept)) : functions.lit(null).cast("binary"))
            .as(CurrentTable.DIGEST));
  }

  /** The texts: columns {@code key}, {@code text} and {@code age}. */
  Dataset<Row> texts() {
    return rows.select(
        functions.col(KEY).as(VectorRows.KEY),
        functions.col(TEXT).as(MissingTexts.TEXT),
        functions.col(AGE).as(MissingTexts.AGE));
  }

  /** The keys of their texts: a column {@code key}. */
  Dataset<Row> keys() {
    return rows.select(functions.col(KEY).as(VectorRows.KEY));
  }

  /** Those to which something happened. */
  MirrorRows where(MirrorDelta delta, Change... changes) {
    if (delta.isAllWanted() && List.of(changes).containsAll(List.of(Change.NEW, Change.CHANGED))) {
      return this;
    }
    return whereIds(delta.rows().where(MirrorDelta.isOneOf(changes)));
  }

  /** Those with some ids, in the column {@code id}. */
  MirrorRows whereIds(Dataset<Row> ids) {
    Dataset<Row> wanted = ids.select(functions.col(CurrentTable.ID).as(CHANGED_ID));
    return new MirrorRows(
        rows.join(wanted, ColumnNames.column(id).equalTo(functions.col(CHANGED_ID)), "left_semi"),
        id,
        kept);
  }

  /** The ids of those with some keys, in the column {@code key}: a column {@code id}. */
  Dataset<Row> idsOf(Dataset<Row> keys) {
    Dataset<Row> some = keys.select(functions.col(VectorRows.KEY).as(CHANGED_ID));
    return rows.join(some, functions.col(KEY).equalTo(functions.col(CHANGED_ID)), "left_semi")
        .select(ColumnNames.column(id).as(CurrentTable.ID));
  }

  /** As the table has them, with vectors by the keys of their texts. */
  Dataset<Row> withVectors(Dataset<Row> vectors, EnrichedColumns columns, RunModel model) {
    return VectorJoin.join(rows.drop(TEXT, AGE), functions.col(KEY), vectors, columns, model)
        .drop(KEY);
  }

  /** As the table has them, with the vectors that the table has for their ids. */
  Dataset<Row> withVectorsOf(CurrentTable current, EnrichedColumns columns, RunModel model) {
    Dataset<Row> old =
        current
            .rows()
            .select(
                Stream.concat(
                        Stream.of(
                            ColumnNames.column(id).as(CHANGED_ID),
                            current.key(columns, model).as(OLD_KEY)),
                        columns.embedding().names().stream().map(ColumnNames::column))
                    .toArray(Column[]::new));
    List<Column> selected = new ArrayList<>(Arrays.asList(ColumnNames.columns(kept)));
    for (String name : columns.embedding().names()) {
      selected.add(
          name.equals(columns.embedding().embedding())
              ? ColumnNames.column(name).as(name, model.provenance().toMetadata())
              : ColumnNames.column(name));
    }
    selected.add(functions.col(KEY).as(columns.key()));
    selected.add(functions.lit(model.fingerprint()).as(columns.fingerprint()));
    return rows.drop(TEXT, AGE)
        // A text that changed since it was compared finds no vector, and the count of rows tells.
        .join(
            old,
            ColumnNames.column(id)
                .equalTo(functions.col(CHANGED_ID))
                .and(functions.col(KEY).eqNullSafe(functions.col(OLD_KEY))))
        .select(selected.toArray(Column[]::new));
  }
}
