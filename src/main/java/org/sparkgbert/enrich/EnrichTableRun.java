package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Stages;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StatusCounts;
import org.sparkgbert.lake.TooManyFailuresException;

/** One run of {@link EnrichTable}. */
final class EnrichTableRun {
  private static final String ROWS = "rows";
  private static final String UNCHANGED = "unchanged";

  private final SparkSession spark;
  private final EnrichTableSettings settings;
  private final RunModel model;
  private final TableInPlace table;
  private final Stages stages;
  private final ModelChange change;
  private final Optional<String> newest;
  private final TargetColumns target;
  private final WantedRows wanted;
  private final EnrichingMerge merge;
  private final EnrichedState state;
  private final RunInfo run;
  private final EmbedTally tally;
  private final EnrichTableTally done;

  EnrichTableRun(
      SparkSession spark,
      EnrichTableSettings settings,
      RunModel model,
      TableInPlace table,
      Stages stages) {
    this.spark = spark;
    this.settings = settings;
    this.model = model;
    this.table = table;
    this.stages = stages;
    this.change = new ModelChange(table, model, settings);
    // What is read is this version or a later one, so that none is passed over.
    this.newest = table.history().newest();
    this.target = settings.sinceSnapshot() ? change.ofLastRun() : change.ofAll();
    this.wanted = new WantedRows(table, target, model, settings);
    this.merge =
        new EnrichingMerge(settings.idColumn(), settings.textColumn(), target, model.fingerprint());
    this.run =
        RunInfo.begin(
            new RunManifest.Input(List.of(settings.table()), table.table().format(), ""),
            ModelReference.of(settings.encoding()).location());
    this.state = new EnrichedState(spark, table, target, model);
    this.tally = EmbedTally.registered(spark);
    this.done = new EnrichTableTally(tally);
  }

  /**
   * @param more where vectors may be known
   */
  EnrichResult run(VectorSources more) {
    Dataset<Row> compared = wanted.compared(read());
    if (settings.dryRun()) {
      plan(compared, more);
      return done.result(model, table, run);
    }
    try (VectorStage stage =
        VectorStage.open(spark, stageRoot(), model.fingerprint(), run.runId())) {
      StagedRows rows = stage(compared, stage);
      if (done.changed() == 0) {
        nothingToDo();
      } else {
        wanted.requireIds(rows.read(spark));
        enrich(rows.read(spark), stage, more);
      }
      stage.finish();
    }
    return done.result(model, table, run);
  }

  private Dataset<Row> read() {
    if (!settings.sinceSnapshot()) {
      return table.rows();
    }
    Watermark mark = change.watermark(target).orElseThrow();
    TableHistory history = table.history();
    if (!history.leadsToNewest(mark.read()) || !history.leadsToNewest(mark.published())) {
      throw history.unknown(
          mark.read(), "it has expired, or the table was brought back to an earlier version", null);
    }
    return history.changedSince(mark.read(), newest.orElseThrow(), settings.idColumn());
  }

  /** The rows that need something, read once. */
  private StagedRows stage(Dataset<Row> compared, VectorStage stage) {
    Observation counts = new Observation();
    StagedRows rows =
        StagedRows.write(
            compared
                .observe(counts, count(lit(1)).as(ROWS), unchanged().as(UNCHANGED))
                .where(WantedRows.isToMerge()),
            stage.place("wanted"));
    done.compared(metric(counts, ROWS), metric(counts, UNCHANGED));
    done.rows(settings.sinceSnapshot() ? table.rows().count() : done.compared());
    return rows;
  }

  private static Column unchanged() {
    return coalesce(sum(when(WantedRows.isToMerge(), 0L).otherwise(1L)), lit(0L));
  }

  private static long metric(Observation counts, String name) {
    try {
      return ((Number) counts.getAsJava().get(name)).longValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot enrich: it was stopped", e);
    }
  }

  private Path stageRoot() {
    return settings
        .stage()
        .map(directory -> StagePlace.in(directory, table.table().name()))
        .or(() -> StagePlace.in(table.table()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot enrich table %s: its catalog does not tell its directory; name one for unfinished work by --stage"
                        .formatted(table.table().name())));
  }

  /** The next run that reads only changes need not read again what this one has read. */
  private void nothingToDo() {
    boolean isLost =
        change
            .watermark(target)
            .filter(mark -> !table.history().leadsToNewest(mark.read()))
            .isPresent();
    if (settings.sinceSnapshot() ? done.compared() > 0 : isLost) {
      state.set(mark(newest.orElseThrow(), newest.orElseThrow()));
    }
  }

  private Watermark mark(String read, String published) {
    return new Watermark(
        model.fingerprint(),
        settings.textColumn(),
        Watermark.columnsOf(table.refreshed().table()),
        read,
        published);
  }

  private void enrich(Dataset<Row> rows, VectorStage stage, VectorSources more) {
    done.wanted(WantedRows.counts(rows));
    int altered = state.prepare(settings.textColumn());
    Dataset<Row> texts = WantedRows.texts(rows);
    VectorLookup lookup = new VectorLookup(texts.select(VectorRows.KEY));
    Optional<KnownVectors> left = stage.takenOver();
    List<KnownVectors> sources = lookup.useful(sources(left, more));
    double rate;
    try (MissingTexts missing = MissingTexts.of(texts, sources, settings.maxEncode())) {
      done.texts(missing, sources, EnrichPlan.of(missing, model, lastRate(), 0));
      stages.begin("encode texts");
      rate = stage.encode(missing, model.embedder(), tally, stages.progress());
    }
    Optional<Dataset<Row>> encoded = stage.encoded();
    more.add(left, encoded);
    stages.begin("stage rows");
    StagedRows staged =
        StagedRows.write(
            merge.rows(rows, lookup.in(spark, sources, encoded)), stage.place("merge"));
    EnrichingMerge.Counts counts = EnrichingMerge.counts(staged.read(spark));
    requireFewFailures(counts);
    if (counts.rows() > 0) {
      publish(staged, counts, altered, run.withTokensPerSecond(rate > 0 ? rate : lastRate()));
    }
  }

  private double lastRate() {
    return table.table().manifest().map(RunManifest::tokensPerSecond).orElse(0.0);
  }

  private List<KnownVectors> sources(Optional<KnownVectors> left, VectorSources more) {
    return more.beside(left, table.vectors(target.columns(), model));
  }

  private void requireFewFailures(EnrichingMerge.Counts counts) {
    if (counts.failed() > settings.maxFailedShare() * done.rows()) {
      throw new TooManyFailuresException(
          counts.failed(), done.rows(), settings.maxFailedShare(), counts.firstError());
    }
  }

  private void publish(
      StagedRows staged, EnrichingMerge.Counts counts, int altered, RunInfo rated) {
    stages.begin("merge rows");
    TableInPlace now = table.refreshed();
    merge.run(spark, now.table(), staged, stages.progress());
    long applied = merge.applied(now.rows(), staged.read(spark));
    String before = newest.orElseThrow();
    String after = now.history().newest().orElseThrow();
    boolean isOnlyOurs =
        applied >= counts.set() && now.history().isOnlyOurs(before, after, versions(altered));
    // What waits for the next run must be found by it.
    Optional<Watermark> mark =
        counts.withText() < done.withText()
            ? Optional.empty()
            : Optional.of(mark(isOnlyOurs ? after : before, after));
    StatusCounts statuses = state.publish(rated, mark);
    done.written(
        table.table().name(),
        rated,
        statuses,
        target.columns().embedding().status(),
        Math.max(0, counts.set() - applied));
  }

  /** Iceberg has no snapshots of changes to columns and properties. */
  private int versions(int altered) {
    return table.table().isIceberg() ? 1 : altered + 1;
  }

  private void plan(Dataset<Row> compared, VectorSources more) {
    Row counts = compared.agg(count(lit(1)), unchanged()).head();
    done.compared(counts.getLong(0), counts.getLong(1));
    done.rows(settings.sinceSnapshot() ? table.rows().count() : done.compared());
    Dataset<Row> rows = compared.where(WantedRows.isToMerge());
    done.wanted(WantedRows.counts(rows));
    List<KnownVectors> sources = sources(Optional.empty(), more);
    try (MissingTexts missing =
        MissingTexts.of(WantedRows.texts(rows), sources, settings.maxEncode())) {
      long bytes = bytes(rows);
      done.texts(missing, sources, EnrichPlan.of(missing, model, lastRate(), bytes));
    }
  }

  /**
   * Length of the files with the rows, if a MERGE rewrites them; else new ones come beside them.
   */
  private long bytes(Dataset<Row> rows) {
    if (done.changed() == 0 || !table.history().rewritesFiles()) {
      return 0;
    }
    Row sum =
        table
            .history()
            .files(settings.idColumn())
            .join(
                rows.select(col(WantedRows.ID)), col("id").equalTo(col(WantedRows.ID)), "left_semi")
            .select("file", "bytes")
            .distinct()
            .agg(sum("bytes"))
            .head();
    return sum.isNullAt(0) ? 0 : sum.getLong(0);
  }
}
