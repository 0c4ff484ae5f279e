package org.sparkgbert.enrich;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.enrich.MirrorDelta.Change;

/**
 * A table that mirrors a corpus: as it is, and as it shall be.
 *
 * @param settings what the run should do
 * @param model what makes its vectors
 * @param columns the columns that it shall have
 * @param current the table as it is; empty if there is none
 */
record MirrorTable(
    MirrorSettings settings,
    RunModel model,
    MirrorColumns columns,
    Optional<CurrentTable> current) {
  private static final String OLD_ID = Reserved.PREFIX + "old_id";
  private static final String OLD = Reserved.PREFIX + "old_";
  private static final String OLD_KEY = Reserved.PREFIX + "text_key";
  private static final String OLD_TEXT = Reserved.PREFIX + "text_of_";

  /** Whether it has the columns that it shall have, so that rows can stay as they are. */
  boolean isLike() {
    return current
        .map(
            table ->
                settings.table().isParquet()
                    ? columns.isLike(table, settings.table().partitionBy(), settings.textColumn())
                    : columns.areIn(table.schema()))
        .orElse(false);
  }

  /** What is compared with the corpus; see {@link CurrentTable#compared}. */
  Dataset<Row> compared(SparkSession spark, StructType corpus) {
    return current
        .map(
            table ->
                table.compared(
                    settings.idColumn(),
                    columns.added(),
                    model,
                    isLike() ? columns.kept() : List.of()))
        .orElseGet(
            () ->
                spark.createDataFrame(
                    List.of(),
                    new StructType()
                        .add(CurrentTable.ID, corpus.apply(settings.idColumn()).dataType())
                        .add(VectorRows.KEY, DataTypes.BinaryType)
                        .add(CurrentTable.FINGERPRINT, DataTypes.StringType)
                        .add(CurrentTable.STATUS, DataTypes.StringType)
                        .add(CurrentTable.DIGEST, DataTypes.BinaryType)
                        .add(CurrentTable.FILE, DataTypes.StringType)));
  }

  /** Its ids, and the files that they are in: columns {@code id} and {@code file}. */
  Dataset<Row> ids() {
    return current
        .orElseThrow()
        .compared(settings.idColumn(), columns.added(), model, List.of())
        .select(CurrentTable.ID, CurrentTable.FILE);
  }

  /** Its vectors that this run's model made; empty if there can be none. */
  Optional<KnownVectors> vectors() {
    return current.flatMap(table -> table.vectors(columns.added(), model));
  }

  /** Rate of the last run that encoded for it, in tokens per second; 0 if it is not known. */
  double lastRate() {
    return current.map(old -> old.table().manifest().tokensPerSecond()).orElse(0.0);
  }

  /** Whether a run changes anything. */
  boolean isToBeWritten(MirrorDelta due) {
    Map<Change, Long> rows = due.byChange();
    return !isLike()
        || rows.get(Change.NEW) + rows.get(Change.CHANGED) + rows.get(Change.REFRESHED) > 0
        || (removes() && rows.get(Change.VANISHED) > 0);
  }

  /** Whether its vectors are of another column of texts. */
  boolean isOfOtherText() {
    String column = columns.added().embedding().embedding();
    return current
        .flatMap(table -> table.made(column))
        .map(made -> !made.textColumn().equals(settings.textColumn()))
        .orElse(false);
  }

  /** Whether rows go whose ids are gone. */
  boolean removes() {
    return settings.vanished() == Vanished.REMOVE;
  }

  /** Rows that it has in the end. */
  long rowsAfter(MirrorDelta due) {
    Map<Change, Long> rows = due.byChange();
    return rows.get(Change.NEW)
        + rows.get(Change.CHANGED)
        + rows.get(Change.CHANGED_LATER)
        + rows.get(Change.REFRESHED)
        + rows.get(Change.UNCHANGED)
        + (removes() ? 0 : rows.get(Change.VANISHED));
  }

  /**
   * Rows of the corpus as the table has them.
   *
   * @param wanted those whose vectors are looked up
   * @param vectors the vectors; see {@link VectorLookup}
   */
  Dataset<Row> withVectors(MirrorRows wanted, Dataset<Row> vectors) {
    return withOthers(wanted.withVectors(vectors, columns.added(), model));
  }

  /**
   * Rows of the corpus as the table has them, with the vectors that they have there.
   *
   * @param same those whose text and model are the same
   */
  Dataset<Row> withOwnVectors(MirrorRows same) {
    return withOthers(same.withVectorsOf(current.orElseThrow(), columns.added(), model));
  }

  /** Vectors of other models, or of other columns of texts, stay where their text is the same. */
  private Dataset<Row> withOthers(Dataset<Row> rows) {
    if (columns.others().isEmpty()) {
      return rows;
    }
    CurrentTable table = current.orElseThrow();
    Map<String, String> texts = table.textColumns(columns.others());
    List<Column> old = new ArrayList<>();
    old.add(ColumnNames.column(settings.idColumn()).as(OLD_ID));
    old.add(textKey(table).as(OLD_KEY));
    columns.others().forEach(name -> old.add(ColumnNames.column(name).as(OLD + name)));
    new HashSet<>(texts.values())
        .stream()
            .filter(table::has)
            .forEach(text -> old.add(ColumnNames.column(text).as(OLD_TEXT + text)));
    Map<String, StructField> fields = new HashMap<>();
    Arrays.stream(columns.schema().fields()).forEach(field -> fields.put(field.name(), field));
    Column[] selected =
        Arrays.stream(columns.schema().fieldNames())
            .map(
                name ->
                    columns.others().contains(name)
                        ? functions
                            .when(
                                isSameText(table, texts.get(name)), ColumnNames.column(OLD + name))
                            .as(name, fields.get(name).metadata())
                        : ColumnNames.column(name))
            .toArray(Column[]::new);
    return rows.join(
            table.rows().select(old.toArray(Column[]::new)),
            ColumnNames.column(settings.idColumn()).equalTo(functions.col(OLD_ID)),
            "left")
        .select(selected);
  }

  /** Of this run's column of texts, keys are compared; of others, what the rows have. */
  private Column isSameText(CurrentTable table, String text) {
    if (text.equals(settings.textColumn())) {
      Column key = functions.col(OLD_KEY);
      return key.isNotNull().and(key.equalTo(ColumnNames.column(columns.added().key())));
    }
    return columns.kept().contains(text) && table.has(text)
        ? ColumnNames.column(text).eqNullSafe(ColumnNames.column(OLD_TEXT + text))
        : functions.lit(false);
  }

  /** Keys of the table's texts under the settings of this run; null if it does not have them. */
  private Column textKey(CurrentTable table) {
    return table.has(settings.textColumn())
        ? model.keys().of(ColumnNames.column(settings.textColumn()))
        : functions.lit(null).cast(DataTypes.BinaryType);
  }

  private static Column asItIs(CurrentTable table, StructField field) {
    if (!table.has(field.name())) {
      return functions.lit(null).cast(field.dataType());
    }
    Column column = ColumnNames.column(field.name());
    String type = table.schema().apply(field.name()).dataType().catalogString();
    return type.equals(field.dataType().catalogString()) ? column : column.cast(field.dataType());
  }

  /** Rows of the table that stay as they are; a column that it lacks is null. */
  Dataset<Row> asTheyAre(Dataset<Row> ids) {
    CurrentTable table = current.orElseThrow();
    Column[] selected =
        Arrays.stream(columns.schema().fields())
            .map(field -> asItIs(table, field).as(field.name(), field.metadata()))
            .toArray(Column[]::new);
    return table
        .rows()
        .join(
            ids.select(functions.col(CurrentTable.ID).as(OLD_ID)),
            ColumnNames.column(settings.idColumn()).equalTo(functions.col(OLD_ID)),
            "left_semi")
        .select(selected);
  }
}
