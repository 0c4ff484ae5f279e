package org.sparkgbert.enrich;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WriteMode;

/**
 * The table that a stream is merged into.
 *
 * @param spark the session
 * @param settings table and columns
 * @param model what makes the vectors
 * @param rows the columns of the corpus that are read, of the types that the table has
 * @param columns the columns of the table
 */
record FollowTarget(
    SparkSession spark,
    MirrorSettings settings,
    RunModel model,
    StructType rows,
    MirrorColumns columns) {

  /**
   * Finds the table, or makes an empty one.
   *
   * @param corpus columns of the corpus
   * @throws IllegalArgumentException if a column is missing or does not fit, or the table has
   *     vectors of another model
   */
  static FollowTarget open(
      SparkSession spark, MirrorSettings settings, RunModel model, StructType corpus, RunInfo run) {
    TableTarget target = settings.table().withMode(WriteMode.OVERWRITE);
    TableWriter.requireWritable(spark, target, settings.corpus().paths());
    model.requireText(corpus);
    Optional<CurrentTable> found = CurrentTable.find(spark, target);
    found.ifPresent(table -> requireSameModel(table, settings, model));
    StructType known = found.map(CurrentTable::schema).orElseGet(StructType::new);
    StructType rows = read(corpus, settings, known);
    MirrorModelChange none = new MirrorModelChange(settings.columns(), false, List.of());
    MirrorColumns columns = MirrorColumns.of(rows, settings, none, known, model);
    columns.requireWritable(spark, target, found);
    // Names that would get lost on the way are refused.
    MirrorRows.of(spark.createDataFrame(List.of(), rows), settings, columns.kept(), model);
    if (found.isPresent()) {
      return new FollowTarget(spark, settings, model, rows, columns);
    }
    TableWriter.write(
        spark.createDataFrame(List.of(), columns.schema()),
        List.of(StatusColumn.of(settings.columns().embedding())),
        settings.table().withMode(WriteMode.ERROR),
        run);
    // The format may have made other types of some.
    return open(spark, settings, model, corpus, run);
  }

  private static void requireSameModel(
      CurrentTable table, MirrorSettings settings, RunModel model) {
    MirrorModelChange.difference(table, settings.columns(), model)
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "Cannot follow: %s; run once without --follow and with --on-model-change first, or give the model that made them"
                      .formatted(difference));
            });
  }

  /** The columns that are read, with the types of the table where these are wider. */
  private static StructType read(StructType corpus, MirrorSettings settings, StructType table) {
    List<String> kept = settings.keepColumns();
    StructType read = new StructType();
    for (StructField field : corpus.fields()) {
      boolean isRead =
          kept.isEmpty()
              || kept.contains(field.name())
              || List.of(settings.textColumn(), settings.idColumn()).contains(field.name());
      if (isRead) {
        read = read.add(field.name(), MirrorColumns.wider(table, field), true, field.metadata());
      }
    }
    return read;
  }

  /** The columns that are read, of the types that the table has. */
  Column[] read() {
    return Arrays.stream(rows.fields())
        .map(field -> ColumnNames.column(field.name()).cast(field.dataType()).as(field.name()))
        .toArray(Column[]::new);
  }

  /** The table as it is now. */
  MirrorTable now() {
    // Catalogs remember tables for a while, and others may have written this one.
    find().lake().refreshed();
    CurrentTable current = find();
    requireSameModel(current, settings, model);
    return new MirrorTable(settings, model, columns, Optional.of(current));
  }

  private CurrentTable find() {
    return CurrentTable.find(spark, settings.table())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot follow into table %s: it is gone".formatted(settings.table().path())));
  }

  /** Rows of the corpus on their way into the table. */
  MirrorRows rows(Dataset<Row> read) {
    return MirrorRows.of(read, settings, columns.kept(), model);
  }
}
