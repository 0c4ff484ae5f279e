package org.sparkgbert.sts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.InputProvenance;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WrittenTable;

/**
 * Scores pairs of sentences, or of ids, and writes a table.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(InputOptions.INPUT, List.of("pairs"))
 *         .with(OutputOptions.OUTPUT, "pairs_scored");
 * ScoredPairs scored = new ScorePairs(ScoreSettings.of(settings)).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 */
public record ScorePairs(ScoreSettings settings) {
  /**
   * Runs the action.
   *
   * @param progress is told how many sentences are encoded
   * @return what was done; the table is published
   * @throws IllegalArgumentException if the pairs cannot be read, a column is missing or of the
   *     wrong type, gold scores are not numbers or all equal, the model or a table of embeddings
   *     cannot be opened, or the table cannot be written
   */
  public ScoredPairs run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "score pairs", progress)) {
      return run(spark, stages);
    }
  }

  private ScoredPairs run(SparkSession spark, Stages stages) {
    long start = System.nanoTime();
    stages.begin("read pairs");
    TableWriter.requireWritable(spark, settings.table(), inputs());
    Corpus opened = settings.corpus().open(spark);
    Corpus corpus =
        new InputProvenance("score pairs", settings.corpus())
            .of(opened, List.of(opened.rows().columns()));
    corpus.requireInEveryFile(columns());
    corpus.notes(columns()).forEach(stages.progress()::note);
    corpus.requireInEveryFile(settings.table().partitionBy());
    corpus.notesOfKept(List.of(corpus.rows().columns())).forEach(stages.progress()::note);
    RunInfo run = RunInfo.begin(RunManifest.Input.of(settings.corpus()), settings.modelLocation());
    try (Scoring scoring = scoring(spark, corpus)) {
      TableWriter.requireSchema(spark, scoring.table().schema(), settings.table());
      settings.goldColumn().ifPresent(column -> Evaluator.requireGold(corpus.rows(), column));
      stages.begin("encode sentences");
      scoring.encode(stages.progress());
      stages.begin("write scores");
      int dimension = scoring.provenance().map(EmbeddingProvenance::dimension).orElse(0);
      Dataset<Row> table =
          settings
              .partitioning()
              .overFiles(scoring.table(), corpus, dimension, settings.table().partitionBy());
      WrittenTable written =
          TableWriter.write(
              table, corpus.count(), PairScoreColumns.STATUSES, settings.table(), run);
      return new ScoredPairs(
          run,
          scoring.provenance(),
          written,
          written.rowsByStatus().getOrDefault(PairScoreColumns.STATUS, Map.of()),
          scoring.work(),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /** All that is read: paths, globs or names of tables. */
  public List<String> inputs() {
    List<String> inputs = new ArrayList<>(settings.corpus().paths());
    if (settings.pairs() instanceof PairSource.Ids ids) {
      inputs.addAll(List.of(ids.table(), ids.secondTable()));
    }
    return inputs;
  }

  private String[] columns() {
    return Stream.concat(
            Stream.of(settings.pairs().first(), settings.pairs().second()),
            settings.goldColumn().stream())
        .toArray(String[]::new);
  }

  private Scoring scoring(SparkSession spark, Corpus corpus) {
    if (settings.pairs() instanceof PairSource.Ids ids) {
      return IdScoring.of(spark, corpus.rows(), ids, settings);
    }
    return SentenceScoring.of(corpus.rows(), settings);
  }
}
