package org.sparkgbert.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.PartitioningUtils;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.CorpusSource.Corpus;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.sts.PairScoreColumns;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import scala.jdk.javaapi.CollectionConverters;

/** Scores pairs of sentences, writes a table, and compares the scores with gold scores. */
@Command(
    name = "sts",
    description =
        "Score pairs of sentences by their embeddings and write a table; with gold scores, say how"
            + " far the model agrees.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class StsJob implements Callable<Integer> {
  private final Console console;

  @Mixin private StsOptions options;

  StsJob(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    options.requireSensible();
    TableTarget target = options.output.target(options.model.maxFailed());
    Partitioning spread = options.model.spread(options.output);
    CorpusSource source = options.input.source();
    SentenceEmbedder embedder = options.model.embedder();
    options.run.requireWritable();
    String model = options.embeddings == null ? options.model.model : "";
    try (JobSession session = JobSession.open("spark-gbert sts", model)) {
      run(session.spark(), target, source, embedder, spread);
    }
    return Main.SUCCEEDED;
  }

  private void run(
      SparkSession spark,
      TableTarget target,
      CorpusSource source,
      SentenceEmbedder embedder,
      Partitioning spread) {
    long start = System.nanoTime();
    TableWriter.requireWritable(spark, target);
    Corpus corpus = source.open(spark);
    RunInfo run =
        RunInfo.begin(options.input.describe(), options.modelLocation(corpus.rows().schema()));
    try (Scoring scoring = scoring(spark, corpus, embedder)) {
      requirePartitions(spark, scoring.schema());
      PairEvaluation evaluation = new PairEvaluation(options, target, run, scoring.provenance());
      if (options.goldColumn != null) {
        evaluation.requirePossible(corpus.rows());
      }
      int dimension = scoring.provenance().map(EmbeddingProvenance::dimension).orElse(0);
      Dataset<Row> table =
          spread.overFiles(
              scoring.table(),
              new Corpus(corpus.rows(), scoring.rows()),
              dimension,
              options.output.partitionBy);
      WrittenTable written = TableWriter.write(table, scoring.statuses(), target, run);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Map<String, Long> statuses =
          written.rowsByStatus().getOrDefault(PairScoreColumns.STATUS, Map.of());
      options.run.report(
          Summary.of(scoring.provenance(), written, statuses, scoring.work(), took), console);
      if (options.goldColumn != null) {
        evaluation.run(spark, console);
      }
    }
  }

  /** Spark refuses columns that it cannot partition by only when it writes. */
  private void requirePartitions(SparkSession spark, StructType table) {
    List<String> columns = options.output.partitionBy;
    ColumnNames.require("partition by", columns, table);
    boolean caseSensitive = spark.sessionState().conf().caseSensitiveAnalysis();
    PartitioningUtils.validatePartitionColumn(
        table, CollectionConverters.asScala(columns).toSeq(), caseSensitive);
  }

  private Scoring scoring(SparkSession spark, Corpus corpus, SentenceEmbedder embedder) {
    if (options.allPairs) {
      return PartnerScoring.of(corpus, options, embedder, new TerminalProgress(console));
    }
    return options.embeddings == null
        ? SentenceScoring.of(corpus, options, embedder, new TerminalProgress(console))
        : IdScoring.of(spark, corpus, options);
  }
}
