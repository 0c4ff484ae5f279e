package org.sparkgbert.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.convert.KnownModel;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.report.PublishedScore;
import org.sparkgbert.report.StsReport;
import org.sparkgbert.sts.Evaluation;
import org.sparkgbert.sts.Evaluation.Agreement;
import org.sparkgbert.sts.EvaluationCsv;
import org.sparkgbert.sts.EvaluationDetail;
import org.sparkgbert.sts.Evaluator;
import org.sparkgbert.vector.Similarity;

/**
 * Compares the scores of a table that was written with its gold scores: {@code evaluation.json}, a
 * line in a CSV file, and a page.
 *
 * @param options settings of the job
 * @param table the table with scores
 * @param run the run that wrote it
 * @param made what made the embeddings, if that is known
 */
record PairEvaluation(
    StsOptions options, TableTarget table, RunInfo run, Optional<EmbeddingProvenance> made) {
  /** The name that sentence-transformers gives the file. */
  private static final String CSV = "similarity_evaluation_results.csv";

  private static final String JSON = "evaluation.json";
  private static final String REPORT = "report.html";

  /**
   * Finds out what would make an evaluation fail at the end.
   *
   * @param pairs the pairs, not yet scored
   * @throws IllegalArgumentException if gold scores are no numbers or all equal, or the evaluation
   *     cannot be added to those that are there
   */
  void requirePossible(Dataset<Row> pairs) {
    files(pairs.sparkSession()).requireColumns(CSV, EvaluationCsv.header(options.similarities));
    Evaluator.requireGold(pairs, options.goldColumn);
  }

  private EvaluationFiles files(SparkSession spark) {
    return new EvaluationFiles(options.evaluationDirectory(), spark.sessionState().newHadoopConf());
  }

  void run(SparkSession spark, Console console) {
    Dataset<Row> scored = TableWriter.read(spark, table);
    Evaluation evaluation =
        Evaluator.evaluate(
            scored, options.goldColumn, options.similarities, options.resamples, options.seed);
    // The report reads the same pairs several times, without their vectors.
    EvaluationDetail detail =
        Evaluator.detail(
            scored,
            column(options.sentence1Column, options.id1Column),
            column(options.sentence2Column, options.id2Column),
            options.goldColumn,
            options.similarities.get(0),
            options.seed);
    String finished = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    EvaluationFiles files = files(spark);
    files.write(JSON, result(evaluation, finished).toJson());
    files.append(CSV, EvaluationCsv.header(evaluation), EvaluationCsv.line(evaluation));
    files.write(REPORT, report(evaluation, detail, finished).html());
    print(console, evaluation);
    console.line("Report", "%s", files.path(REPORT));
  }

  private String column(String sentence, String id) {
    return options.embeddings == null ? sentence : id;
  }

  private EvaluationResult result(Evaluation evaluation, String finished) {
    return EvaluationResult.of(
        run.runId(),
        finished,
        run.input(),
        table.path(),
        options.goldColumn,
        made.orElse(null),
        evaluation,
        published());
  }

  private StsReport report(Evaluation evaluation, EvaluationDetail detail, String finished) {
    return new StsReport(
        String.join(", ", options.input.input),
        finished,
        made.orElse(null),
        evaluation,
        detail,
        published());
  }

  static List<PublishedScore> published() {
    List<PublishedScore> scores = new ArrayList<>();
    for (KnownModel model : KnownModel.ALL) {
      if (!model.stsb().isEmpty()) {
        scores.add(
            new PublishedScore(model.id(), Double.parseDouble(model.stsb()), model.source()));
      }
    }
    return scores;
  }

  private static void print(Console console, Evaluation evaluation) {
    console.line(
        "Pairs",
        "%,d with gold scores, %,d without",
        evaluation.pairs(),
        evaluation.pairsSkipped());
    evaluation
        .agreement()
        .forEach((similarity, agreement) -> print(console, similarity, agreement));
  }

  private static void print(Console console, Similarity similarity, Agreement agreement) {
    String name = similarity.name().toLowerCase(Locale.ROOT);
    if (agreement.spearman() == null) {
      console.line(name, "all scores are equal: no correlation");
      return;
    }
    String interval =
        agreement.spearmanLow() == null
            ? ""
            : String.format(
                Locale.ROOT,
                " (95 %% %.4f to %.4f)",
                agreement.spearmanLow(),
                agreement.spearmanHigh());
    console.line(
        name, "Spearman %.4f%s, Pearson %.4f", agreement.spearman(), interval, agreement.pearson());
  }
}
