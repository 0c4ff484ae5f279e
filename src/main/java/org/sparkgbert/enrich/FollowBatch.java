package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.enrich.MirrorDelta.Change;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.TableTarget;

/**
 * Merges batches of rows that arrived into a table. Rows are staged first, so that they are read
 * once; all else reads them from there.
 *
 * @param target the table
 * @param run the run
 * @param stages directory for unfinished work
 * @param mayMerge is called right before each MERGE, and throws if this run must not merge any more
 * @param tally sums the work
 * @param progress is told what happens
 */
record FollowBatch(
    FollowTarget target,
    RunInfo run,
    Path stages,
    Runnable mayMerge,
    EmbedTally tally,
    Progress progress) {
  private static final String BATCH_ID = Reserved.PREFIX + "batch_id";

  /** Conditions of users hold or not; where SQL says neither, they do not. */
  private Column isWanted() {
    String where = target.settings().corpus().where();
    return where.isEmpty() ? lit(true) : coalesce(expr(where), lit(false));
  }

  /**
   * Checks whether rows can be read as this does.
   *
   * @param rows as the source gives them
   */
  void require(Dataset<Row> rows) {
    rows.select(isWanted());
    rows.select(target.read());
  }

  /**
   * Merges a batch.
   *
   * @param arrived rows as the source gives them
   * @param there whether an id is in the corpus after such a row
   * @param order tells which of the rows with the same id counts
   * @param name its name, unique in the run
   * @param commit what is said of it where it is committed
   */
  FollowCounts merge(
      Dataset<Row> arrived, Column there, Column order, String name, Map<String, String> commit) {
    SparkSession spark = target.spark();
    try (VectorStage stage =
        VectorStage.open(spark, stages, target.model().fingerprint(), run.runId() + "-" + name)) {
      progress.begin("read batch");
      List<Column> columns = new ArrayList<>(Arrays.asList(target.read()));
      columns.add(order.as(TableHistory.ORDER));
      columns.add(there.and(isWanted()).as(TableHistory.THERE));
      StagedRows staged =
          StagedRows.write(arrived.select(columns.toArray(Column[]::new)), stage.place("arrived"));
      Dataset<Row> images = staged.read(spark);
      long count = images.count();
      FollowCounts counts =
          count == 0
              ? FollowCounts.NONE
              : merge(
                  StagedRows.write(latest(images), stage.place("latest")).read(spark),
                  count,
                  stage,
                  commit);
      stage.finish();
      return counts;
    } finally {
      progress.end();
    }
  }

  /** Of the rows with the same id, the one that counts; several where the source has no order. */
  private Dataset<Row> latest(Dataset<Row> images) {
    return TableHistory.newest(images, target.settings().idColumn(), col(TableHistory.ORDER))
        .drop(TableHistory.ORDER);
  }

  private FollowCounts merge(
      Dataset<Row> latest, long arrived, VectorStage stage, Map<String, String> commit) {
    next("compare with table");
    MirrorTable table = target.now();
    MirrorRows rows = target.rows(latest.where(col(TableHistory.THERE)).drop(TableHistory.THERE));
    try (MirrorDelta delta = compare(rows, latest, table)) {
      Optional<KnownVectors> left = stage.takenOver();
      VectorSources sources =
          VectorSources.open(target.spark(), target.settings().columns(), target.model(), progress);
      List<KnownVectors> known = sources.beside(left, table.vectors());
      MirrorRows wanted = rows.where(delta, Change.NEW, Change.CHANGED);
      try (MissingTexts missing = MissingTexts.of(wanted.texts(), known, 0)) {
        double rate = encode(missing, stage);
        Optional<Dataset<Row>> encoded = stage.encoded();
        sources.add(left, encoded);
        if (table.isToBeWritten(delta)) {
          next("merge into table");
          Dataset<Row> vectors = new VectorLookup(wanted.keys()).in(target.spark(), known, encoded);
          RunInfo rated = run.withTokensPerSecond(rate > 0 ? rate : table.lastRate());
          TableTarget written = target.settings().table();
          LakeMirror writer = new LakeMirror(table, written, rated, stage, mayMerge, progress);
          CommitNote.during(target.spark(), commit, () -> writer.write(rows, delta, vectors));
        }
        return counts(delta, missing, arrived, failedRows(rows, encoded));
      }
    }
  }

  private void next(String stage) {
    progress.end();
    progress.begin(stage);
  }

  /** Only the rows of the table matter whose ids are in the batch; those that are gone, vanish. */
  private MirrorDelta compare(MirrorRows rows, Dataset<Row> latest, MirrorTable table) {
    Dataset<Row> ids =
        latest.select(ColumnNames.column(target.settings().idColumn()).as(BATCH_ID)).distinct();
    Dataset<Row> compared =
        table
            .compared(target.spark(), target.rows())
            .join(ids, col(CurrentTable.ID).equalTo(col(BATCH_ID)), "left_semi");
    return MirrorDelta.of(
        rows.compared(table.isLike()),
        compared,
        target.model().fingerprint(),
        target.settings().idColumn());
  }

  private double encode(MissingTexts missing, VectorStage stage) {
    if (missing.texts() > 0) {
      next("encode texts");
    }
    return stage.encode(missing, target.model().embedder(), tally, progress);
  }

  private static long failedRows(MirrorRows rows, Optional<Dataset<Row>> encoded) {
    return encoded
        .map(
            vectors ->
                vectors.where(
                    col(VectorRows.COLUMNS.status()).equalTo(EmbeddingStatus.FAILED.label())))
        .map(failed -> rows.idsOf(failed).count())
        .orElse(0L);
  }

  private static FollowCounts counts(
      MirrorDelta delta, MissingTexts missing, long arrived, long failed) {
    Map<Change, Long> rows = delta.byChange();
    return new FollowCounts(
        1,
        arrived,
        rows.get(Change.NEW),
        rows.get(Change.CHANGED),
        rows.get(Change.REFRESHED),
        rows.get(Change.UNCHANGED),
        rows.get(Change.VANISHED),
        delta.wantedRows() - missing.rows(),
        missing.rows(),
        missing.texts(),
        failed);
  }
}
