package org.sparkgbert.enrich;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.sparkgbert.action.Amount;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.lake.Lease;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.SeparateOutput;
import org.sparkgbert.lake.TableWriter;

/** One run of {@link FollowSource}. */
final class FollowRun {
  private static final String SPARKS = "spark";
  private static final String VECTORS = "vectors";

  private final SparkSession spark;
  private final FollowSettings settings;
  private final Progress progress;
  private final long start = System.nanoTime();
  private final Configuration hadoop;
  private final RunModel model;
  private final RunInfo run;
  private final EmbedTally tally;
  private final AtomicReference<FollowCounts> counts = new AtomicReference<>(FollowCounts.NONE);

  FollowRun(SparkSession spark, FollowSettings settings, Progress progress) {
    this.spark = spark;
    this.settings = settings;
    this.progress = progress;
    this.hadoop = spark.sessionState().newHadoopConf();
    this.model = RunModel.open(spark, mirror().encoding(), mirror().textColumn());
    this.run = RunInfo.begin(RunManifest.Input.of(mirror().corpus()), mirror().model().location());
    this.tally = EmbedTally.registered(spark);
  }

  private MirrorSettings mirror() {
    return settings.mirror();
  }

  FollowResult run(StopRequest stop) {
    progress.begin("open corpus and table");
    SeparateOutput.requireBeside(
        "checkpoint",
        new Path(settings.checkpoint()),
        mirror().corpus().paths(),
        mirror().table(),
        hadoop);
    try (Lease lease = FollowState.lease(settings.checkpoint(), run.runId(), hadoop)) {
      return run(stop, lease);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot release checkpoint %s: %s".formatted(settings.checkpoint(), e.getMessage()), e);
    }
  }

  private FollowResult run(StopRequest stop, Lease lease) {
    Optional<FollowState> before = FollowState.read(settings.checkpoint(), hadoop);
    before.ifPresent(this::requireSame);
    FollowedSource source = source(before);
    FollowBatch batches = batches(source, () -> requireHeld(lease));
    Dataset<Row> stream = source.stream();
    require(batches, stream);
    FollowState state =
        before.orElseGet(() -> FollowState.of(mirror(), model.provenance(), source.reading()));
    state.write(settings.checkpoint(), hadoop);
    progress.end();
    begin(state, source, batches);
    if (!stop.isMade()) {
      follow(stream, source, batches, stop);
    }
    return new FollowResult(
        mirror().table().path(),
        run.runId(),
        model.bundle(),
        counts.get(),
        tally.value(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /** Requires the settings of earlier runs, and the table: a new one would lack all their rows. */
  private void requireSame(FollowState before) {
    before.requireSame(
        FollowState.of(mirror(), model.provenance(), before.reading()), settings.checkpoint());
    if (before.isBegun() && !TableWriter.exists(spark, mirror().table())) {
      throw new IllegalArgumentException(
          "Cannot follow: table %s is gone, which runs with checkpoint %s have filled; begin with a new --checkpoint"
              .formatted(mirror().table().path(), settings.checkpoint()));
    }
  }

  private FollowedSource source(Optional<FollowState> before) {
    progress.note(
        "Model %s: %s".formatted(model.bundle(), model.bundle().manifest().description()));
    model.noteWarning(progress);
    FollowedSource source =
        FollowedSource.open(
            spark,
            mirror().corpus(),
            before.map(FollowState::reading),
            List.of(mirror().textColumn(), mirror().idColumn()),
            progress::note);
    progress.note(source.note());
    return source;
  }

  /** Whoever stood still would merge rows as they were, which another run has gone past. */
  private void requireHeld(Lease lease) {
    try {
      lease.requireHeld();
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot follow: checkpoint %s is no longer this run's, %s; nothing more was merged, run again"
              .formatted(settings.checkpoint(), e.getMessage()),
          e);
    }
  }

  private FollowBatch batches(FollowedSource source, Runnable mayMerge) {
    return new FollowBatch(
        FollowTarget.open(spark, mirror(), model, source.schema(), run),
        run,
        new Path(settings.checkpoint(), VECTORS),
        mayMerge,
        tally,
        progress);
  }

  private void require(FollowBatch batches, Dataset<Row> stream) {
    try {
      batches.require(stream);
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot follow " + mirror().corpus().paths(), e);
    }
  }

  /** Rows that were there before the stream; done again if the run dies, without an effect. */
  private void begin(FollowState state, FollowedSource source, FollowBatch batches) {
    if (state.isBegun()) {
      return;
    }
    source
        .before()
        .ifPresent(
            rows ->
                merged(
                    "Rows that were there before",
                    batches.merge(
                        rows,
                        functions.lit(true),
                        functions.lit(0),
                        "before",
                        Map.of("spark-gbert-run-id", run.runId()))));
    state.begun().write(settings.checkpoint(), hadoop);
  }

  private void follow(
      Dataset<Row> stream, FollowedSource source, FollowBatch batches, StopRequest stop) {
    String checkpoint = new Path(settings.checkpoint(), SPARKS).toString();
    AtomicReference<StreamingQuery> query = new AtomicReference<>();
    VoidFunction2<Dataset<Row>, Long> each =
        (rows, number) -> batch(rows, number, checkpoint, source, batches);
    try {
      query.set(
          stream
              .writeStream()
              .queryName("spark-gbert enrich " + run.runId())
              .trigger(settings.trigger().toSpark())
              .option("checkpointLocation", checkpoint)
              .foreachBatch(each)
              .start());
      stop.then(() -> stop(query.get()));
      query.get().awaitTermination();
    } catch (StreamingQueryException | TimeoutException | RuntimeException e) {
      if (!stop.isMade()) {
        throw new UnfollowedChange(mirror().corpus()).explained(e);
      }
    }
  }

  private static void stop(StreamingQuery query) {
    try {
      query.stop();
    } catch (TimeoutException e) {
      throw new IllegalStateException("Cannot stop: a batch did not end", e);
    }
  }

  /** The session of the stream has settings of its own, with which small joins are slow. */
  private void batch(
      Dataset<Row> rows,
      long number,
      String checkpoint,
      FollowedSource source,
      FollowBatch batches) {
    SparkSession ofStream = rows.sparkSession();
    SparkSession.setActiveSession(spark);
    try {
      source.check(checkpoint, number, mirror().keepColumns(), progress::note);
      String id = ofStream.sparkContext().getLocalProperty("sql.streaming.queryId");
      merged(
          "Batch %d".formatted(number),
          batches.merge(
              rows,
              source.isThere(),
              source.order(),
              "batch-" + number,
              Map.of(
                  "spark-gbert-run-id", run.runId(),
                  "spark-gbert-query", id,
                  "spark-gbert-batch", Long.toString(number))));
    } finally {
      SparkSession.setActiveSession(ofStream);
    }
  }

  private void merged(String what, FollowCounts batch) {
    counts.accumulateAndGet(batch, FollowCounts::plus);
    progress.note(
        "%s: %s, %,d added, %,d changed, %,d refreshed, %,d unchanged, %,d removed; %s encoded, %,d rows failed"
            .formatted(
                what,
                Amount.of(batch.arrived(), "row"),
                batch.added(),
                batch.changed(),
                batch.refreshed(),
                batch.unchanged(),
                batch.removed(),
                Amount.of(batch.encodedTexts(), "text"),
                batch.failedRows()));
  }
}
