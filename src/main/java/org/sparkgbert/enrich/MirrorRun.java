package org.sparkgbert.enrich;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.enrich.MirrorDelta.Change;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.SeparateOutput;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.lake.WrittenTable;

/** One run of {@link MirrorCorpus}. */
final class MirrorRun {
  private final SparkSession spark;
  private final MirrorSettings settings;
  private final Stages stages;
  private final long start = System.nanoTime();
  private final TableTarget target;
  private final RunModel model;
  private final RunInfo run;
  private final EmbedTally tally;

  MirrorRun(SparkSession spark, MirrorSettings settings, Stages stages) {
    this.spark = spark;
    this.settings = settings;
    this.stages = stages;
    this.target = settings.table().withMode(WriteMode.OVERWRITE);
    this.model = RunModel.open(spark, settings.encoding(), settings.textColumn());
    this.run = RunInfo.begin(RunManifest.Input.of(settings.corpus()), settings.model().location());
    this.tally = EmbedTally.registered(spark);
  }

  EnrichResult run() {
    stages.begin("read corpus");
    TableWriter.requireWritable(spark, target, settings.corpus().paths());
    requireCacheBeside();
    Corpus opened = settings.corpus().open(spark);
    opened.requireInEveryFile(settings.textColumn(), settings.idColumn());
    opened.notes(settings.textColumn()).forEach(stages.progress()::note);
    Optional<CurrentTable> current = CurrentTable.find(spark, target);
    opened = opened.withRows(widened(opened.rows(), current));
    StructType schema = opened.rows().schema();
    model.requireText(schema);
    MirrorModelChange change =
        current
            .map(
                table ->
                    MirrorModelChange.of(
                        table, settings.columns(), settings.onModelChange(), model))
            .orElseGet(() -> new MirrorModelChange(settings.columns(), false, List.of()));
    StructType before = current.map(CurrentTable::schema).orElseGet(StructType::new);
    MirrorColumns columns = MirrorColumns.of(schema, settings, change, before, model);
    columns.requireWritable(spark, target, current);
    opened.requireInEveryFile(settings.keepColumns());
    opened.requireInEveryFile(settings.oldestBy());
    opened.requireInEveryFile(target.partitionBy());
    opened.notesOfKept(columns.kept()).forEach(stages.progress()::note);
    if (settings.vanished() == Vanished.KEEP || settings.maxEncode() > 0) {
      columns.requireValuesStay(target, before);
    }
    Corpus corpus = new InputProvenance("enrich", settings.corpus()).of(opened, columns.kept());
    stages
        .progress()
        .note("Model %s: %s".formatted(model.bundle(), model.bundle().manifest().description()));
    model.noteWarning(stages.progress());
    MirrorTable table = new MirrorTable(settings, model, columns, current);
    MirrorRows rows = MirrorRows.of(corpus.rows(), settings, columns.kept(), model);
    VectorSources sources = VectorSources.open(spark, settings.columns(), model, stages.progress());
    try (MirrorDelta delta = compare(rows, table, schema)) {
      requireOneModel(table, delta, change);
      return settings.dryRun()
          ? plan(rows, table, delta, sources)
          : enrich(rows, table, delta, change.isChange() || table.isOfOtherText(), sources);
    }
  }

  /** Iceberg has fewer types than Spark: a smallint of the corpus is an int of its table. */
  private Dataset<Row> widened(Dataset<Row> rows, Optional<CurrentTable> current) {
    if (target.isParquet() || current.isEmpty()) {
      return rows;
    }
    StructType table = current.get().schema();
    return rows.select(
        Arrays.stream(rows.schema().fields())
            .map(field -> MirrorColumns.asWideAs(table, field))
            .toArray(Column[]::new));
  }

  /** Beside the table if it has a directory, else in it, but where its first run left some. */
  private Path stageRoot(MirrorTable table) {
    if (settings.stage().isPresent()) {
      return StagePlace.in(settings.stage().get(), target.path());
    }
    return target.hasPath()
        ? StagePlace.beside(target.path())
        : table
            .current()
            .flatMap(
                current ->
                    StagePlace.leftInHome(spark, target.path())
                        .or(() -> StagePlace.in(current.lake())))
            .orElseGet(() -> StagePlace.inHome(spark, target.path()));
  }

  private void requireCacheBeside() {
    CachePlace.of(settings.encoding())
        .filter(CachePlace::hasPath)
        .ifPresent(
            cache ->
                SeparateOutput.requireBeside(
                    "cache",
                    new Path(cache.table()),
                    settings.corpus().paths(),
                    target,
                    spark.sessionState().newHadoopConf()));
  }

  private MirrorDelta compare(MirrorRows rows, MirrorTable table, StructType corpus) {
    stages.begin("compare with table");
    return MirrorDelta.of(
        rows.compared(table.isLike()),
        table.compared(spark, corpus),
        model.fingerprint(),
        settings.idColumn());
  }

  private EnrichResult plan(
      MirrorRows rows, MirrorTable table, MirrorDelta delta, VectorSources sources) {
    stages.begin("look up vectors");
    List<KnownVectors> known = sources.beside(Optional.empty(), table.vectors());
    try (MissingTexts missing = missing(rows, delta, known);
        MirrorDelta due = due(delta, rows, missing)) {
      EnrichPlan plan = plan(table, due, missing);
      return result(counts(table, due, missing), plan, Optional.empty(), known);
    }
  }

  private EnrichPlan plan(MirrorTable table, MirrorDelta due, MissingTexts missing) {
    long replaced =
        target.isParquet() && table.isToBeWritten(due)
            ? new ParquetMirror(table, target, run).bytesReplaced(due)
            : 0;
    return EnrichPlan.of(missing, model, table.lastRate(), replaced);
  }

  private EnrichResult enrich(
      MirrorRows rows,
      MirrorTable table,
      MirrorDelta delta,
      boolean isChange,
      VectorSources sources) {
    stages.begin("look up vectors");
    try (VectorStage stage =
        VectorStage.open(spark, stageRoot(table), model.fingerprint(), run.runId())) {
      Optional<KnownVectors> left = stage.takenOver();
      List<KnownVectors> known = sources.beside(left, table.vectors());
      try (MissingTexts missing = missing(rows, delta, known);
          MirrorDelta due = due(delta, rows, missing)) {
        EnrichCounts counts = counts(table, due, missing);
        EnrichPlan plan = plan(table, due, missing);
        double rate = encode(missing, stage);
        Optional<Dataset<Row>> encoded = stage.encoded();
        sources.add(left, encoded);
        Optional<WrittenTable> written = Optional.empty();
        // Until all texts are encoded again, the table keeps the vectors of one model and column.
        if (!(isChange && counts.laterTexts() > 0)) {
          RunInfo rated = run.withTokensPerSecond(rate > 0 ? rate : plan.tokensPerSecond());
          MirrorWriter writer = writer(table, stage, rated);
          // A run that died just before the end has left vectors of which the table does not say
          // so.
          if (isChange || table.isToBeWritten(due)) {
            written = Optional.of(write(rows, due, known, encoded, writer));
          }
          stage.finish();
        }
        return result(counts, plan, written, known);
      }
    }
  }

  private double encode(MissingTexts missing, VectorStage stage) {
    if (missing.texts() > 0) {
      stages.begin("encode texts");
    }
    return stage.encode(missing, model.embedder(), tally, stages.progress());
  }

  /** The texts of rows whose ids are gone are not encoded again. */
  private void requireOneModel(MirrorTable table, MirrorDelta delta, MirrorModelChange change) {
    long vanished = delta.byChange().get(Change.VANISHED);
    if (table.removes() || vanished == 0) {
      return;
    }
    if (change.isChange()) {
      throw new IllegalArgumentException(
          "Cannot enrich table %s: %d rows whose ids are gone from the corpus would keep vectors of another model; give --vanished remove, or --on-model-change new-column"
              .formatted(target.path(), vanished));
    }
    if (table.isOfOtherText()) {
      throw new IllegalArgumentException(
          "Cannot enrich table %s: %d rows whose ids are gone from the corpus would keep vectors of another column than '%s'; give --vanished remove, or another --embedding-column"
              .formatted(target.path(), vanished, settings.textColumn()));
    }
  }

  private MissingTexts missing(MirrorRows rows, MirrorDelta delta, List<KnownVectors> known) {
    return delta.wantedRows() == 0
        ? MissingTexts.none(spark)
        : MissingTexts.of(
            rows.where(delta, Change.NEW, Change.CHANGED).texts(), known, settings.maxEncode());
  }

  private MirrorDelta due(MirrorDelta delta, MirrorRows rows, MissingTexts missing) {
    return settings.maxEncode() == 0 || delta.wantedRows() == 0
        ? delta
        : delta.later(rows.idsOf(missing.later()));
  }

  private MirrorWriter writer(MirrorTable table, VectorStage stage, RunInfo rated) {
    return target.isParquet()
        ? new ParquetMirror(table, target, rated)
        : new LakeMirror(table, target, rated, stage, () -> {}, stages.progress());
  }

  private WrittenTable write(
      MirrorRows rows,
      MirrorDelta due,
      List<KnownVectors> known,
      Optional<Dataset<Row>> encoded,
      MirrorWriter writer) {
    stages.begin("write table");
    Dataset<Row> vectors =
        new VectorLookup(rows.where(due, Change.NEW, Change.CHANGED).keys())
            .in(spark, known, encoded);
    return writer.write(rows, due, vectors);
  }

  private static EnrichCounts counts(MirrorTable table, MirrorDelta due, MissingTexts missing) {
    Map<Change, Long> rows = due.byChange();
    long vanished = rows.get(Change.VANISHED);
    return new EnrichCounts(
        rows.get(Change.NEW),
        rows.get(Change.CHANGED),
        rows.get(Change.REFRESHED),
        rows.get(Change.UNCHANGED),
        table.removes() ? vanished : 0,
        table.removes() ? 0 : vanished,
        due.wantedRows() - missing.rows(),
        missing.rows(),
        missing.texts(),
        rows.get(Change.NEW_LATER) + rows.get(Change.CHANGED_LATER),
        missing.count() - missing.texts());
  }

  private EnrichResult result(
      EnrichCounts counts,
      EnrichPlan plan,
      Optional<WrittenTable> written,
      List<KnownVectors> known) {
    return new EnrichResult(
        run.runId(),
        target.path(),
        model.bundle(),
        counts,
        plan,
        written,
        written.map(table -> table.rowsByStatus().values().iterator().next()).orElse(Map.of()),
        known.stream().map(KnownVectors::name).toList(),
        tally.value(),
        Duration.ofNanos(System.nanoTime() - start));
  }
}
