package org.sparkgbert.search;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.enrich.StagePlace;
import org.sparkgbert.enrich.StagedRows;
import org.sparkgbert.enrich.TableMerge;
import org.sparkgbert.lake.CommitRetry;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.LakeTable;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.RunWork;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.search.IndexDelta.Change;

/**
 * Brings an index up to date that is a table of Iceberg or Delta: rows that differ are staged, and
 * published by one MERGE; then the table says what its cells are now. A run that dies between the
 * two leaves rows that are right and a state that is not; the next run says it anew.
 *
 * @param before the index as it is
 * @param corpus the corpus
 * @param run the run
 * @param progress is told of conflicts with other writers
 */
record LakeIndexMerge(
    IndexUpdate.Before before, IndexedCorpus corpus, RunInfo run, Progress progress) {
  private static final String STAGED = "spark_gbert_";

  /** Whether a staged row's id is gone from the corpus. */
  private static final String GONE = STAGED + "gone";

  /** Whether a row is new or changed; others only get the centroid of their cell. */
  private static final String MOVED = "spark_gbert_moved";

  /**
   * Writes.
   *
   * @param moved new and changed rows, assigned to cells
   * @param left centroids of cells that have rows in the end
   * @param info what the index says in the end
   */
  WrittenTable write(IndexDelta delta, Dataset<Row> moved, Centroids left, IndexInfo info) {
    SparkSession spark = moved.sparkSession();
    LakeTable lake = lake(spark);
    Dataset<Row> changed = withHeirs(delta, moved, left);
    try (RunWork work =
        RunWork.begin(place(lake), run.runId(), spark.sessionState().newHadoopConf())) {
      StagedRows staged =
          StagedRows.write(staged(changed, delta), new Path(work.directory(), "rows").toString());
      requireAll(staged.read(spark), delta);
      merge(spark, lake, staged);
      WrittenTable written = say(spark, info);
      work.finish();
      return written;
    }
  }

  private String path() {
    return before.table().path();
  }

  private LakeTable lake(SparkSession spark) {
    return before
        .table()
        .lake(spark)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot update index %s: it is gone".formatted(path())));
  }

  private Path place(LakeTable lake) {
    return before.table().kind() == EmbeddingTable.Kind.DELTA
        ? StagePlace.beside(path())
        : StagePlace.in(lake)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot update index %s: its catalog does not tell its directory, in which rows wait until they are merged; build it again with --mode overwrite"
                            .formatted(path())));
  }

  private Column id() {
    return ColumnNames.column(corpus.idColumn());
  }

  /**
   * New and changed rows; and where the row goes or changes that has the centroid of its cell, the
   * first of those that are left in the cell has it.
   */
  private Dataset<Row> withHeirs(IndexDelta delta, Dataset<Row> moved, Centroids left) {
    Dataset<Row> ids = delta.ids(Change.CHANGED, Change.VANISHED);
    Column isDelta = id().equalTo(col(IndexDelta.ID));
    Set<Integer> orphaned =
        new TreeSet<>(
            before
                .rows()
                .where(col(IndexColumns.CENTROID).isNotNull())
                .join(ids, isDelta, "left_semi")
                .select(IndexColumns.CELL)
                .as(Encoders.INT())
                .collectAsList());
    Column isOrphaned = col(IndexColumns.CELL).isin(orphaned.toArray());
    Dataset<Row> staying =
        before
            .rows()
            .where(isOrphaned)
            .join(ids, isDelta, "left_anti")
            .select(ColumnNames.columns(List.of(moved.columns())))
            .withColumn(MOVED, lit(false));
    Dataset<Row> all = moved.withColumn(MOVED, lit(true));
    Centroids heirless =
        left.only(
            IntStream.range(0, left.count())
                .filter(centroid -> orphaned.contains(left.cell(centroid)))
                .toArray());
    Broadcast<Centroids> centroids =
        JavaSparkContext.fromSparkContext(moved.sparkSession().sparkContext()).broadcast(heirless);
    Dataset<Row> inOrphaned =
        corpus
            .withCentroids(
                staying.unionByName(all.where(isOrphaned)),
                centroids,
                Math.max(1, heirless.count()))
            .where(col(MOVED).or(col(IndexColumns.CENTROID).isNotNull()));
    return inOrphaned.unionByName(
        all.where(functions.not(isOrphaned))
            .withColumn(
                IndexColumns.CENTROID,
                lit(null).cast(inOrphaned.schema().apply(IndexColumns.CENTROID).dataType())));
  }

  private List<String> columns() {
    List<String> columns = new ArrayList<>(List.of(corpus.rows().columns()));
    columns.addAll(List.of(IndexColumns.ASSIGNED.fieldNames()));
    columns.add(IndexColumns.CENTROID);
    return columns;
  }

  /** Columns of the table under other names, and the ids of rows that go. */
  private Dataset<Row> staged(Dataset<Row> changed, IndexDelta delta) {
    List<Column> columns = new ArrayList<>();
    for (String name : columns()) {
      columns.add(ColumnNames.column(name).as(STAGED + name));
    }
    columns.add(lit(false).as(GONE));
    columns.add(col(MOVED).as(STAGED + MOVED));
    return changed
        .select(columns.toArray(Column[]::new))
        .unionByName(
            delta
                .ids(Change.VANISHED)
                .select(
                    col(IndexDelta.ID).as(STAGED + corpus.idColumn()),
                    lit(true).as(GONE),
                    lit(false).as(STAGED + MOVED)),
            true);
  }

  private void requireAll(Dataset<Row> staged, IndexDelta delta) {
    long wanted = delta.number(Change.NEW) + delta.number(Change.CHANGED);
    long found = staged.where(col(STAGED + MOVED)).count();
    if (found != wanted) {
      throw new IllegalStateException(
          "Cannot update index %s: its corpus was changed while it was read, found %d of %d rows to write; nothing was written, run again"
              .formatted(path(), found, wanted));
    }
  }

  private void merge(SparkSession spark, LakeTable lake, StagedRows staged) {
    Map<String, Column> values = new LinkedHashMap<>();
    for (String name : columns()) {
      values.put(name, ColumnNames.column(STAGED + name));
    }
    String stagedId = STAGED + corpus.idColumn();
    TableMerge merge =
        new TableMerge(
            lake.refreshed(),
            staged,
            id().equalTo(ColumnNames.column(stagedId)),
            List.of(
                new TableMerge.Delete(Optional.of(col(GONE))),
                new TableMerge.Update(Optional.empty(), values),
                new TableMerge.Insert(Optional.of(col(GONE).equalTo(false)), values)));
    merge.run(spark, progress);
    long doubled = merge.doubled(spark, stagedId, corpus.idColumn());
    if (doubled > 0) {
      throw new IllegalStateException(
          "Cannot update index %s: another run inserted the same rows at the same time, found %d ids twice; build it again with --mode overwrite"
              .formatted(path(), doubled));
    }
  }

  /**
   * Says what the cells are now.
   *
   * @throws IllegalStateException if the table has not the rows that it should have
   */
  WrittenTable say(SparkSession spark, IndexInfo info) {
    LakeTable lake = lake(spark).refreshed();
    long rows = lake.rows(spark).count();
    if (rows != info.rows()) {
      throw new IllegalStateException(
          "Cannot update index %s: it should have %,d rows, found %,d, so another run wrote it at the same time; run again"
              .formatted(path(), info.rows(), rows));
    }
    CommitRetry.USUAL.run(
        "say what cells index %s has".formatted(path()),
        () -> {
          LakeTable now = lake.refreshed();
          now.set(
              RunManifest.ofRows(
                  run,
                  spark.version(),
                  now.manifest().orElse(before.table().manifest()),
                  IndexColumns.CELL,
                  info.state(corpus.made()),
                  rows),
              Map.of());
        },
        progress);
    return new WrittenTable(path(), run, rows, Map.of(), 0, 0, "");
  }
}
