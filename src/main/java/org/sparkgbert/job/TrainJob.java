package org.sparkgbert.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.action.Amount;
import org.sparkgbert.convert.hub.HubSettings;
import org.sparkgbert.report.TrainReport;
import org.sparkgbert.settings.SettingGroup;
import org.sparkgbert.train.Curve;
import org.sparkgbert.train.DevScore;
import org.sparkgbert.train.TrainEncoder;
import org.sparkgbert.train.TrainOptions;
import org.sparkgbert.train.TrainSettings;
import org.sparkgbert.train.TrainedModel;

/** Trains a sentence encoder on pairs, on this machine. */
final class TrainJob implements Job {
  private final Map<String, String> environment;

  TrainJob() {
    this(System.getenv());
  }

  TrainJob(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String description() {
    return "Train a sentence encoder on pairs of sentences, on this machine, and write a checkpoint"
        + " with its bundle.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Model", TrainOptions.PARTS),
        new SettingGroup("Pairs", TrainOptions.DATA),
        new SettingGroup("Recipe", TrainOptions.RECIPE),
        new SettingGroup("Output", TrainOptions.RESULT),
        new SettingGroup("Run", List.of(JobOptions.CONFIG, JobOptions.VERBOSE)));
  }

  @Override
  public String example() {
    return "--model default --train pairs --dev dev-pairs --output my-model";
  }

  @Override
  public int run(Invocation invocation) {
    TrainEncoder action =
        new TrainEncoder(
            TrainSettings.of(invocation.settings()),
            () -> HubSettings.fromEnvironment(environment),
            Optional.of(model -> new TrainReport(model).html()));
    try (JobSession session = JobSession.open("spark-gbert train", "", invocation.console());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      print(action.run(session.spark(), progress), invocation.console());
    }
    return Main.SUCCEEDED;
  }

  private static void print(TrainedModel model, Console console) {
    Curve curve = model.curve();
    Path output = model.output();
    console.line("Model", "%s", output);
    console.line("Bundle", "%s", model.bundle());
    console.line(
        "Pairs",
        "%,d to learn from, %,d to evaluate on",
        model.pairs().train(),
        model.pairs().dev());
    console.line(
        "Steps",
        "%,d in %s on %s",
        curve.steps(),
        Amount.time(Duration.ofMillis((long) (1e3 * curve.seconds()))),
        model.device());
    console.line(
        "Dev",
        "Spearman %s at step %,d, before training %s",
        spearman(curve.best()),
        curve.best().step(),
        spearman(curve.before()));
    console.line("Report", "%s", output.resolve("report.html"));
  }

  private static String spearman(DevScore score) {
    return score.spearman() == null
        ? "undefined"
        : String.format(Locale.ROOT, "%.4f", score.spearman());
  }
}
