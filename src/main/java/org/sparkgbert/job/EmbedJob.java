package org.sparkgbert.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.CorpusSource.Corpus;
import org.sparkgbert.embed.EmbedTally;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.model.Bundle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads a corpus, adds embeddings, and writes a table. */
@Command(
    name = "embed",
    description = "Embed the text of a corpus and write a table.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class EmbedJob implements Callable<Integer> {
  private final Console console;

  @Mixin private EmbedOptions options;

  EmbedJob(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TableTarget target = options.output.target(options.model.maxFailed());
    SentenceEmbedder embedder = options.embedder();
    Spread spread = options.model.spread(options.output);
    CorpusSource source = options.input.source();
    options.run.requireWritable();
    try (JobSession session = JobSession.open("spark-gbert embed", options.model.model)) {
      run(session.spark(), target, source, embedder, spread);
    }
    return Main.SUCCEEDED;
  }

  private void run(
      SparkSession spark,
      TableTarget target,
      CorpusSource source,
      SentenceEmbedder embedder,
      Spread spread) {
    long start = System.nanoTime();
    Bundle model = options.model.reference().open();
    TableWriter.requireWritable(spark, target);
    Corpus corpus = source.open(spark);
    StructType schema = embedder.transformSchema(corpus.rows().schema());
    List<String> columns = tableColumns(corpus.rows().schema(), schema);
    console.note("Model %s: %s".formatted(model, model.manifest().description()));

    EmbedTally tally = Progress.tally(spark);
    Dataset<Row> embedded =
        embedder
            .transformCounting(spread.overTasks(corpus.rows()), tally)
            .select(ColumnNames.columns(columns));
    Dataset<Row> table =
        spread.overFiles(
            embedded, corpus, model.manifest().dimension(), options.output.partitionBy);
    WrittenTable written;
    Progress progress = Progress.start(spark, console, corpus.count());
    try {
      StatusColumn status = StatusColumn.of(options.columns());
      written = TableWriter.write(table, List.of(status), target, runInfo());
    } finally {
      progress.close();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Map<String, Long> statuses = written.rowsByStatus().get(options.columns().status());
    options.run.report(Summary.of(model, written, statuses, tally.value(), took), console);
  }

  /** The columns that stay, then those that embedding adds. */
  private List<String> tableColumns(StructType corpus, StructType embedded) {
    ColumnNames.require("keep", options.keepColumns, corpus);
    List<String> columns =
        new ArrayList<>(
            options.keepColumns.isEmpty() ? List.of(corpus.fieldNames()) : options.keepColumns);
    columns.addAll(options.columns().names());
    StructType table = new StructType();
    for (String column : columns) {
      table = table.add(embedded.apply(column));
    }
    ColumnNames.require("partition by", options.output.partitionBy, table);
    return columns;
  }

  private RunInfo runInfo() {
    return RunInfo.begin(options.input.describe(), options.model.model);
  }
}
