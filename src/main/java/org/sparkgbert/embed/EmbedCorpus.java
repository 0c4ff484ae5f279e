package org.sparkgbert.embed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Amount;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.FinishedFiles;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.Int8Vectors;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.model.Bundle;

/**
 * Reads a corpus, adds embeddings, and writes a table.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(InputOptions.INPUT, List.of("articles"))
 *         .with(OutputOptions.OUTPUT, "articles_embedded");
 * EmbedResult result = new EmbedCorpus(EmbedSettings.of(settings)).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 */
public record EmbedCorpus(EmbedSettings settings) {
  private static final String ENCODE = "encode and write texts";

  /**
   * Runs the action.
   *
   * @param progress is told how many rows are encoded
   * @return what was done; the table is published
   * @throws IllegalArgumentException if the corpus cannot be read, a column is missing or of the
   *     wrong type, the model cannot be opened, or the table cannot be written
   */
  public EmbedResult run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "embed", progress)) {
      return run(spark, stages);
    }
  }

  private EmbedResult run(SparkSession spark, Stages stages) {
    long start = System.nanoTime();
    stages.begin("read corpus");
    SentenceEmbedder embedder =
        SentenceEmbedder.of(settings.encoding())
            .setInputCol(settings.textColumn())
            .setOutputCol(settings.columns().prefix());
    Bundle model = settings.model().open();
    TableWriter.requireWritable(spark, settings.table(), settings.corpus().paths());
    Corpus opened = settings.corpus().open(spark);
    opened.requireInEveryFile(settings.textColumn());
    opened.notes(settings.textColumn()).forEach(stages.progress()::note);
    StructType schema = stored(embedder.transformSchema(opened.rows().schema()));
    List<String> columns = tableColumns(spark, opened.rows().schema(), schema);
    noteKept(opened, stages.progress());
    Corpus corpus = new InputProvenance("embed", settings.corpus()).of(opened, columns);
    stages.progress().note("Model %s: %s".formatted(model, model.manifest().description()));
    embedder.warning().ifPresent(stages.progress()::note);
    int dimension =
        EmbeddingProvenance.of(schema.apply(settings.columns().embedding()))
            .orElseThrow()
            .dimension();

    EmbedTally tally = EmbedTally.registered(spark);
    AtomicLong takenOver = new AtomicLong();
    Function<FinishedFiles, Dataset<Row>> table =
        left -> {
          Dataset<Row> embedded = stored(embed(corpus, embedder, tally, left, stages, takenOver));
          return settings
              .partitioning()
              .overFiles(
                  embedded.select(ColumnNames.columns(columns)),
                  corpus,
                  dimension,
                  settings.table().partitionBy());
        };
    stages.begin(ENCODE);
    List<StatusColumn> statuses = List.of(StatusColumn.of(settings.columns()));
    WrittenTable written =
        EncodedRows.during(
            spark,
            stages.progress(),
            corpus.count(),
            () ->
                TableWriter.resume(
                    spark, table, corpus.count(), statuses, settings.table(), runInfo()));
    return new EmbedResult(
        model,
        written,
        written.rowsByStatus().get(settings.columns().status()),
        takenOver.get(),
        tally.value(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /**
   * Embeds the corpus, with the vectors that interrupted runs had finished.
   *
   * @param takenOver gets the number of rows whose vectors they had
   */
  private Dataset<Row> embed(
      Corpus corpus,
      SentenceEmbedder embedder,
      EmbedTally tally,
      FinishedFiles left,
      Stages stages,
      AtomicLong takenOver) {
    Dataset<Row> rows = settings.partitioning().overTasks(corpus.rows());
    if (left.isEmpty()) {
      return embedder.transformCounting(rows, tally);
    }
    stages.begin("look up what an interrupted run left");
    String fingerprint = embedder.fingerprint(rows.sparkSession());
    long withoutText = FinishedVectors.withoutText(left, fingerprint, settings.precision());
    if (withoutText > 0) {
      stages
          .progress()
          .note(
              "Cannot take over %s of an interrupted run: without their column '%s' nobody knows of which texts they are"
                  .formatted(Amount.of(withoutText, "row"), settings.textColumn()));
    }
    Optional<FinishedVectors> finished =
        FinishedVectors.of(rows.sparkSession(), left, fingerprint, settings.precision());
    takenOver.set(
        finished.map(some -> some.count(corpus.rows(), settings.textColumn())).orElse(0L));
    if (takenOver.get() > 0) {
      stages
          .progress()
          .note("Taken over from an interrupted run: " + Amount.of(takenOver.get(), "row"));
    }
    stages.begin(ENCODE);
    return takenOver.get() == 0
        ? embedder.transformCounting(rows, tally)
        : finished
            .get()
            .embed(
                rows,
                settings.partitioning().tasks(corpus.rows()),
                settings.textColumn(),
                settings.columns(),
                embedder,
                tally);
  }

  private StructType stored(StructType floats) {
    return switch (settings.precision()) {
      case FLOAT32 -> floats;
      case INT8 -> Int8Vectors.schema(floats, settings.columns());
    };
  }

  private Dataset<Row> stored(Dataset<Row> floats) {
    return switch (settings.precision()) {
      case FLOAT32 -> floats;
      case INT8 -> Int8Vectors.rounded(floats, settings.columns());
    };
  }

  private RunInfo runInfo() {
    return RunInfo.begin(RunManifest.Input.of(settings.corpus()), settings.model().location());
  }

  /** Columns that were named must be in every file; of others users should know. */
  private void noteKept(Corpus opened, Progress progress) {
    opened.requireInEveryFile(settings.table().partitionBy());
    opened.requireInEveryFile(settings.keepColumns());
    if (settings.keepColumns().isEmpty()) {
      opened.notesOfKept(List.of(opened.rows().columns())).forEach(progress::note);
    }
  }

  /** The columns that are kept, then those that embedding adds. */
  private List<String> tableColumns(SparkSession spark, StructType corpus, StructType embedded) {
    ColumnNames.require("keep", settings.keepColumns(), corpus);
    List<String> columns =
        new ArrayList<>(
            settings.keepColumns().isEmpty()
                ? List.of(corpus.fieldNames())
                : settings.keepColumns());
    columns.addAll(settings.columns().names(settings.precision()));
    StructType table = new StructType();
    for (String column : columns) {
      table = table.add(embedded.apply(column));
    }
    TableWriter.requireSchema(spark, table, settings.table());
    return columns;
  }
}
