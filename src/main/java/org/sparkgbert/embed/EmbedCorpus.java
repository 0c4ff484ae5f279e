package org.sparkgbert.embed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
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
    Corpus corpus = settings.corpus().open(spark);
    corpus.requireInEveryFile(settings.textColumn());
    StructType schema = embedder.transformSchema(corpus.rows().schema());
    List<String> columns = tableColumns(corpus.rows().schema(), schema);
    stages.progress().note("Model %s: %s".formatted(model, model.manifest().description()));

    EmbedTally tally = EmbedTally.registered(spark);
    Dataset<Row> embedded =
        embedder
            .transformCounting(settings.partitioning().overTasks(corpus.rows()), tally)
            .select(ColumnNames.columns(columns));
    Dataset<Row> table =
        settings
            .partitioning()
            .overFiles(
                embedded, corpus, model.manifest().dimension(), settings.table().partitionBy());
    stages.begin("encode and write texts");
    List<StatusColumn> statuses = List.of(StatusColumn.of(settings.columns()));
    WrittenTable written =
        EncodedRows.during(
            spark,
            stages.progress(),
            corpus.count(),
            () -> TableWriter.write(table, corpus.count(), statuses, settings.table(), runInfo()));
    return new EmbedResult(
        model,
        written,
        written.rowsByStatus().get(settings.columns().status()),
        tally.value(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private RunInfo runInfo() {
    return RunInfo.begin(RunManifest.Input.of(settings.corpus()), settings.model().location());
  }

  /** The columns that are kept, then those that embedding adds. */
  private List<String> tableColumns(StructType corpus, StructType embedded) {
    ColumnNames.require("keep", settings.keepColumns(), corpus);
    List<String> columns =
        new ArrayList<>(
            settings.keepColumns().isEmpty()
                ? List.of(corpus.fieldNames())
                : settings.keepColumns());
    columns.addAll(settings.columns().names());
    StructType table = new StructType();
    for (String column : columns) {
      table = table.add(embedded.apply(column));
    }
    ColumnNames.require("partition by", settings.table().partitionBy(), table);
    return columns;
  }
}
