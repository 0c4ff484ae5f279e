package org.sparkgbert.embed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.Int8Vectors;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.UnpublishedFiles;
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
    EmbedTally sampleTally = EmbedTally.registered(spark);
    AtomicLong takenOver = new AtomicLong();
    Encoding encoding =
        new Encoding(settings, corpus, embedder, tally, sampleTally, takenOver, dimension, stages);
    Function<UnpublishedFiles, Dataset<Row>> table =
        left ->
            settings
                .partitioning()
                .overFiles(
                    encoding.rows(left).select(ColumnNames.columns(columns)),
                    corpus,
                    dimension,
                    settings.table().partitionBy());
    stages.begin(Encoding.ENCODE);
    List<StatusColumn> statuses = List.of(StatusColumn.of(settings.columns()));
    WrittenTable written =
        EncodedRows.during(
            spark,
            stages.progress(),
            corpus.count(),
            tally,
            () ->
                TableWriter.resume(
                    spark, table, corpus.count(), statuses, settings.table(), runInfo()));
    return new EmbedResult(
        model,
        written,
        written.rowsByStatus().get(settings.columns().status()),
        takenOver.get(),
        tally.value().plus(sampleTally.value()),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private StructType stored(StructType floats) {
    return switch (settings.precision()) {
      case FLOAT32 -> floats;
      case INT8 -> Int8Vectors.schema(floats, settings.columns());
      case BINARY -> BinaryVectors.schema(floats, settings.columns());
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
