package org.sparkgbert.job;

import java.util.ArrayList;
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
import org.sparkgbert.settings.SettingGroup;
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
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Input", InputOptions.ALL),
        new SettingGroup("Pairs", PairOptions.ALL),
        new SettingGroup(
            "Best partners instead of pairs",
            Setting.all(List.of(ALL_PAIRS), NeighbourOptions.ALL)),
        new SettingGroup("Output", OutputOptions.TABLE),
        new SettingGroup("Encoding", EmbedOptions.ENCODING),
        new SettingGroup("Run", JobOptions.ALL));
  }

  @Override
  public String example() {
    return "--input pairs --output pairs_scored --gold-column score";
  }

  @Override
  public int run(Invocation invocation) {
    requireOneMode(invocation.settings());
    if (invocation.settings().get(ALL_PAIRS)) {
      findNeighbours(invocation);
    } else {
      scorePairs(invocation);
    }
    return Main.SUCCEEDED;
  }

  private static void findNeighbours(Invocation invocation) {
    FindNeighboursSettings settings = FindNeighboursSettings.of(invocation.settings());
    JobOptions.requireSummary(invocation.settings());
    try (JobSession session = session(invocation);
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      JobOptions.requireSummaryBeside(
          invocation.settings(), settings.corpus().paths(), settings.table(), session.spark());
      Summary.of(new FindNeighbours(settings).run(session.spark(), progress)).report(invocation);
    }
  }

  private static void scorePairs(Invocation invocation) {
    ScorePairs action = new ScorePairs(ScoreSettings.of(invocation.settings()));
    Optional<EvaluationSettings> evaluating =
        EvaluationSettings.of(invocation.settings(), published());
    JobOptions.requireSummary(invocation.settings());
    try (JobSession session = session(invocation);
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      SparkSession spark = session.spark();
      JobOptions.requireSummaryBeside(
          invocation.settings(), action.inputs(), action.settings().table(), spark);
      evaluating.ifPresent(
          settings -> evaluation(settings).requireWritable(spark, action.inputs()));
      ScoredPairs scored = action.run(spark, progress);
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
        "spark-gbert sts",
        encodes ? invocation.settings().get(EmbedderOptions.MODEL) : "",
        invocation.console());
  }

  private static List<PublishedScore> published() {
    return KnownModel.ALL.stream()
        .filter(model -> !model.stsb().isEmpty())
        .map(
            model ->
                new PublishedScore(model.id(), Double.parseDouble(model.stsb()), model.source()))
        .toList();
  }

  /** Pairs and best partners have settings of their own. */
  private void requireOneMode(Settings given) {
    boolean allPairs = given.get(ALL_PAIRS);
    List<Setting<?>> others = new ArrayList<>(settings());
    others.removeAll(allPairs ? NeighbourOptions.FINDING : PairOptions.SCORING);
    others.removeAll(JobOptions.ALL);
    others.remove(ALL_PAIRS);
    given.requireNone(
        others,
        allPairs
            ? "does not apply with " + ALL_PAIRS.option()
            : "requires %s, which is not set".formatted(ALL_PAIRS.option()));
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
