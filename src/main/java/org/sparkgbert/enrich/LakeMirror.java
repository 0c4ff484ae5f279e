package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.enrich.MirrorDelta.Change;
import org.sparkgbert.lake.CommitRetry;
import org.sparkgbert.lake.LakeTable;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.StatusCounts;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.lake.WrittenTable;

/**
 * Writes a table of Iceberg or Delta that mirrors a corpus: changed rows are staged, and published
 * by one MERGE.
 *
 * @param table the table
 * @param target where it is
 * @param run the run
 * @param stage where rows are staged
 * @param mayMerge is called right before the MERGE, and throws if this run must not merge any more
 * @param progress is told of conflicts with other writers
 */
record LakeMirror(
    MirrorTable table,
    TableTarget target,
    RunInfo run,
    VectorStage stage,
    Runnable mayMerge,
    Progress progress)
    implements MirrorWriter {
  private static final String STAGED = Reserved.PREFIX;

  /** Whether a staged row's id is gone from the corpus. */
  private static final String GONE = Reserved.PREFIX + "gone";

  @Override
  public WrittenTable write(MirrorRows rows, MirrorDelta due, Dataset<Row> vectors) {
    Dataset<Row> wanted = table.withVectors(rows.where(due, Change.NEW, Change.CHANGED), vectors);
    StatusColumn status = StatusColumn.of(table.columns().added().embedding());
    if (table.current().isEmpty()) {
      return TableWriter.write(
          wanted,
          OptionalLong.of(table.rowsAfter(due)),
          List.of(status),
          target.withMode(WriteMode.ERROR),
          run);
    }
    SparkSession spark = wanted.sparkSession();
    Dataset<Row> changed =
        due.has(Change.REFRESHED)
            ? wanted.unionByName(table.withOwnVectors(rows.where(due, Change.REFRESHED)))
            : wanted;
    StagedRows staged = StagedRows.write(staged(changed, due), stage.place("rows"));
    require(staged.read(spark), due, staged(status));
    LakeTable lake = table.current().orElseThrow().lake();
    addColumns(lake);
    merge(spark, lake.refreshed(), staged);
    return written(spark, lake.refreshed(), status);
  }

  /** Requires all rows that differ, and few failures among them. */
  private void require(Dataset<Row> staged, MirrorDelta due, StatusColumn status) {
    Dataset<Row> changed = staged.where(col(GONE).equalTo(false));
    StatusCounts found = StatusCounts.of(changed, List.of(status));
    requireAll(found.rows(), due);
    new StatusCounts(table.rowsAfter(due), found.byColumn())
        .requireFewFailures(target.maxFailedShare(), changed, List.of(status));
  }

  /** A corpus or a table that another writer changed since they were compared gives other rows. */
  private void requireAll(long found, MirrorDelta due) {
    Map<Change, Long> rows = due.byChange();
    long wanted = rows.get(Change.NEW) + rows.get(Change.CHANGED) + rows.get(Change.REFRESHED);
    if (found != wanted) {
      throw new IllegalStateException(
          "Cannot enrich table %s: its corpus or the table was changed after they were compared, found %d of %d rows to write; nothing was written, run again"
              .formatted(target.path(), found, wanted));
    }
  }

  private static StatusColumn staged(StatusColumn status) {
    return new StatusColumn(STAGED + status.status(), status.error().map(name -> STAGED + name));
  }

  /** Columns of the table under other names, and the ids of rows that go. */
  private Dataset<Row> staged(Dataset<Row> changed, MirrorDelta due) {
    List<Column> columns = new ArrayList<>();
    for (String name : table.columns().schema().fieldNames()) {
      columns.add(ColumnNames.column(name).as(STAGED + name));
    }
    columns.add(lit(false).as(GONE));
    Dataset<Row> rows = changed.select(columns.toArray(Column[]::new));
    if (!table.removes()) {
      return rows;
    }
    Dataset<Row> gone =
        due.rows()
            .where(MirrorDelta.isOneOf(Change.VANISHED))
            .select(col(MirrorDelta.ID).as(STAGED + id()), lit(true).as(GONE));
    return rows.unionByName(gone, true);
  }

  private String id() {
    return table.settings().idColumn();
  }

  private void addColumns(LakeTable lake) {
    CommitRetry.USUAL.run(
        "add columns to table " + lake.name(),
        () -> lake.refreshed().addMissing(table.columns().schema()),
        progress);
  }

  private void merge(SparkSession spark, LakeTable lake, StagedRows staged) {
    Map<String, Column> values = new LinkedHashMap<>();
    for (String name : table.columns().schema().fieldNames()) {
      values.put(name, ColumnNames.column(STAGED + name));
    }
    TableMerge merge =
        new TableMerge(
            lake,
            staged,
            ColumnNames.column(id()).equalTo(ColumnNames.column(STAGED + id())),
            List.of(
                new TableMerge.Delete(Optional.of(col(GONE))),
                new TableMerge.Update(Optional.empty(), values),
                new TableMerge.Insert(Optional.of(col(GONE).equalTo(false)), values)));
    merge.run(spark, mayMerge, progress);
    long doubled = merge.doubled(spark, STAGED + id(), id());
    if (doubled > 0) {
      throw new IllegalStateException(
          "Cannot enrich table %s: another run inserted the same rows at the same time, found %d ids twice; delete one row of each"
              .formatted(lake.name(), doubled));
    }
  }

  /** What the table says of itself afterwards. */
  private WrittenTable written(SparkSession spark, LakeTable lake, StatusColumn status) {
    StatusCounts counts = StatusCounts.of(lake.rows(spark), List.of(status));
    String column = table.columns().added().embedding().embedding();
    CommitRetry.USUAL.run(
        "say what made column %s in table %s".formatted(column, lake.name()),
        () -> {
          LakeTable now = lake.refreshed();
          now.set(
              RunManifest.ofChange(
                  run,
                  spark.version(),
                  now.manifest(),
                  column,
                  Optional.of(table.model().provenance()),
                  counts),
              Map.of());
        },
        progress);
    return new WrittenTable(target.path(), run, counts.rows(), counts.byColumn(), 0, 0, "");
  }
}
