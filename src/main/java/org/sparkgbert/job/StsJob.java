package org.sparkgbert.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.convert.KnownModel;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.report.StsReport;
import org.sparkgbert.search.FindNeighbours;
import org.sparkgbert.search.FindNeighboursSettings;
import org.sparkgbert.search.NeighbourOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.sts.EvaluatePairs;
import org.sparkgbert.sts.EvaluatedPairs;
import org.sparkgbert.sts.Evaluation;
import org.sparkgbert.sts.Evaluation.Agreement;
import org.sparkgbert.sts.EvaluationSettings;
import org.sparkgbert.sts.PairOptions;
import org.sparkgbert.sts.PublishedScore;
import org.sparkgbert.sts.ScorePairs;
import org.sparkgbert.sts.ScoreSettings;
import org.sparkgbert.sts.ScoredPairs;
import org.sparkgbert.vector.Similarity;

/** Scores pairs and compares the scores with gold scores, or finds the best pairs of a corpus. */
final class StsJob implements Job {
  private static final Setting<Boolean> ALL_PAIRS =
      Setting.flag("all-pairs")
          .meaning("For each row of one corpus, its best partners in it; by cosine or dot.");

  @Override
  public String name() {
    return "sts";
  }

  @Override
  public String description() {
    return "Score pairs of sentences by their embeddings and write a table; with gold scores, say"
        + " how well the model agrees.";
  }

  @Override
  public List<Setting<?>> settings() {
    return Setting.all(
        InputOptions.ALL,
        PairOptions.ALL,
        List.of(ALL_PAIRS),
        NeighbourOptions.ALL,
        OutputOptions.TABLE,
        EmbedOptions.ENCODING,
        JobOptions.ALL);
  }

  @Override
  public int run(Invocation invocation) {
    requireSensible(invocation.settings());
    if (invocation.settings().get(ALL_PAIRS)) {
      findNeighbours(invocation);
    } else {
      scorePairs(invocation);
    }
    return Main.SUCCEEDED;
  }

  private static void findNeighbours(Invocation invocation) {
    FindNeighboursSettings settings = FindNeighboursSettings.of(invocation.settings());
    JobOptions.requireWritable(JobOptions.SUMMARY_JSON, invocation.settings());
    try (JobSession session = session(invocation);
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      Summary.of(new FindNeighbours(settings).run(session.spark(), progress)).report(invocation);
    }
  }

  private static void scorePairs(Invocation invocation) {
    ScoreSettings scoring = ScoreSettings.of(invocation.settings());
    Optional<EvaluationSettings> evaluating =
        EvaluationSettings.of(invocation.settings(), published());
    JobOptions.requireWritable(JobOptions.SUMMARY_JSON, invocation.settings());
    try (JobSession session = session(invocation);
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      SparkSession spark = session.spark();
      evaluating.ifPresent(settings -> evaluation(settings).requireWritable(spark));
      ScoredPairs scored = new ScorePairs(scoring).run(spark, progress);
      Summary.of(scored).report(invocation);
      evaluating
          .map(settings -> evaluation(settings.after(scored)).run(spark, progress))
          .ifPresent(found -> print(invocation.console(), found));
    }
  }

  private static EvaluatePairs evaluation(EvaluationSettings settings) {
    return new EvaluatePairs(settings, Optional.of(found -> StsReport.of(found).html()));
  }

  private static JobSession session(Invocation invocation) {
    boolean encodes = invocation.settings().get(PairOptions.EMBEDDINGS).isEmpty();
    return JobSession.open(
        "spark-gbert sts", encodes ? invocation.settings().get(EmbedderOptions.MODEL) : "");
  }

  private static List<PublishedScore> published() {
    return KnownModel.ALL.stream()
        .filter(model -> !model.stsb().isEmpty())
        .map(
            model ->
                new PublishedScore(model.id(), Double.parseDouble(model.stsb()), model.source()))
        .toList();
  }

  private static void requireSensible(Settings settings) {
    boolean golds = settings.has(PairOptions.GOLD_COLUMN);
    boolean tables = settings.has(PairOptions.EMBEDDINGS);
    if (settings.get(ALL_PAIRS)) {
      exclude(PairOptions.GOLD_COLUMN, golds);
      exclude(PairOptions.EMBEDDINGS, tables);
    } else {
      require(NeighbourOptions.MIN_SCORE, settings, ALL_PAIRS);
      require(NeighbourOptions.UNORDERED, settings, ALL_PAIRS);
      require(NeighbourOptions.KEEP_COLUMNS, settings, ALL_PAIRS);
    }
    if (!tables) {
      require(PairOptions.EMBEDDINGS2, settings, PairOptions.EMBEDDINGS);
    }
    if (!golds) {
      require(PairOptions.EVALUATION, settings, PairOptions.GOLD_COLUMN);
    }
  }

  private static void exclude(Setting<?> other, boolean isThere) {
    if (isThere) {
      throw new IllegalArgumentException(
          "Cannot run: give %s or %s, found both".formatted(ALL_PAIRS.option(), other.option()));
    }
  }

  private static void require(Setting<?> given, Settings settings, Setting<?> needed) {
    if (settings.has(given)) {
      throw new IllegalArgumentException(
          "Cannot run: %s requires %s, which is not set"
              .formatted(given.option(), needed.option()));
    }
  }

  private static void print(Console console, EvaluatedPairs found) {
    Evaluation evaluation = found.evaluation();
    console.line(
        "Pairs",
        "%,d with gold scores, %,d without",
        evaluation.pairs(),
        evaluation.pairsSkipped());
    evaluation
        .agreement()
        .forEach((similarity, agreement) -> print(console, similarity, agreement));
    found.report().ifPresent(report -> console.line("Report", "%s", report));
  }

  private static void print(Console console, Similarity similarity, Agreement agreement) {
    if (agreement.spearman() == null) {
      console.line(similarity.label(), "all scores are equal: no correlation");
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
        similarity.label(),
        "Spearman %.4f%s, Pearson %.4f",
        agreement.spearman(),
        interval,
        agreement.pearson());
  }
}
