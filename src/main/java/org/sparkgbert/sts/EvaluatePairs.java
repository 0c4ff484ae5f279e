package org.sparkgbert.sts;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.files.Json;
import org.sparkgbert.lake.SeparateOutput;
import org.sparkgbert.lake.TableWriter;

/**
 * Compares the scores of a table of pairs with gold scores. If a directory is given, it writes
 * {@code evaluation.json}, a line in a CSV file, and a page if there is one.
 *
 * @param settings what to do
 * @param page makes a page of the results; empty for none
 */
public record EvaluatePairs(
    EvaluationSettings settings, Optional<Function<EvaluatedPairs, String>> page) {
  /** The name that sentence-transformers gives the file. */
  private static final String CSV = "similarity_evaluation_results.csv";

  private static final String JSON = "evaluation.json";
  private static final String REPORT = "report.html";

  /** Without a page. */
  public EvaluatePairs(EvaluationSettings settings) {
    this(settings, Optional.empty());
  }

  /**
   * Finds out, before pairs are scored, what would make their evaluation fail at the end.
   *
   * @param inputs what pairs are scored from: paths, globs or names of tables
   * @throws IllegalArgumentException if the evaluation cannot be added to the existing ones, or its
   *     directory is, holds or lies in an input
   */
  public void requireWritable(SparkSession spark, List<String> inputs) {
    settings
        .directory()
        .ifPresent(
            place -> {
              Path directory = new Path(place);
              Configuration hadoop = spark.sessionState().newHadoopConf();
              SeparateOutput.requireBeside(
                  "evaluation", directory, inputs, settings.table(), hadoop);
              SeparateOutput.requireOutsideTables("evaluation", directory, hadoop);
            });
    files(spark)
        .ifPresent(
            files -> files.requireColumns(CSV, EvaluationCsv.header(settings.similarities())));
  }

  /**
   * Runs the action.
   *
   * @return the results; files are written
   * @throws IllegalArgumentException if the table has no such columns, gold scores are not numbers
   *     or all equal, or the evaluation cannot be added to the existing ones
   */
  public EvaluatedPairs run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "evaluate pairs", progress)) {
      Dataset<Row> scored = TableWriter.read(spark, settings.table());
      stages.begin("compare scores with gold scores");
      Evaluation evaluation =
          Evaluator.evaluate(
              scored,
              settings.goldColumn(),
              settings.similarities(),
              settings.resamples(),
              settings.seed());
      stages.begin("choose pairs to show");
      // It reads the same pairs several times, without their vectors.
      EvaluationDetail detail =
          Evaluator.detail(
              scored,
              settings.first(),
              settings.second(),
              settings.goldColumn(),
              settings.similarities().get(0),
              settings.seed());
      Optional<EvaluationFiles> files = files(spark);
      EvaluatedPairs found =
          new EvaluatedPairs(
              settings,
              evaluation,
              detail,
              Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
              StsbTest.isIn(scored, settings.first(), settings.second(), settings.goldColumn()),
              page.flatMap(made -> files.map(to -> to.path(REPORT))));
      files.ifPresent(to -> write(found, to));
      return found;
    }
  }

  private Optional<EvaluationFiles> files(SparkSession spark) {
    return settings
        .directory()
        .map(path -> new EvaluationFiles(path, spark.sessionState().newHadoopConf()));
  }

  private void write(EvaluatedPairs found, EvaluationFiles files) {
    Evaluation evaluation = found.evaluation();
    files.write(JSON, Json.text(EvaluationResult.of(found)));
    files.append(CSV, EvaluationCsv.header(evaluation), EvaluationCsv.line(evaluation));
    page.ifPresent(made -> files.write(REPORT, made.apply(found)));
  }
}
