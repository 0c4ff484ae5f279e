package org.sparkgbert.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sparkgbert.action.Amount;
import org.sparkgbert.train.Curve;
import org.sparkgbert.train.DevScore;
import org.sparkgbert.train.TrainedModel;

/**
 * A page that shows how a training went.
 *
 * @param model what was trained
 */
public record TrainReport(TrainedModel model) {
  /** Checks that it is present. */
  public TrainReport {
    Objects.requireNonNull(model, "model");
  }

  /**
   * The page: HTML5, to be written as UTF-8. It loads nothing and runs nothing, and texts appear in
   * it as text only.
   */
  public String html() {
    Curve curve = model.curve();
    String path = model.output().toString();
    String title = TableName.of(List.of(path));
    List<Map.Entry<String, String>> settings =
        model.settings().entrySet().stream().filter(each -> !each.getValue().isEmpty()).toList();
    return Page.still(
        "train",
        title + " – training",
        Map.ofEntries(
            Map.entry("title", Html.escape(title)),
            Map.entry("path", Html.path(title, path)),
            Map.entry("base", Html.escape(model.base())),
            Map.entry("date_time", Html.dateTime(model.finished())),
            Map.entry("figures", Html.figures(figures())),
            Map.entry("scores", scores(curve)),
            Map.entry("loss_lead", lossLead(curve)),
            Map.entry("losses", losses(curve)),
            Map.entry("rates", line("Learning rate over steps", curve.learningRates())),
            Map.entry("norms", line("Norm of the gradient over steps", curve.gradientNorms())),
            Map.entry("score_table", scoreTable(curve)),
            Map.entry("notes", notes()),
            Map.entry("settings", Html.definitions(settings))));
  }

  private List<Html.Figure> figures() {
    Curve curve = model.curve();
    return List.of(
        new Html.Figure(
            "Spearman on dev",
            Numbers.correlation(curve.best().spearman()),
            "step %s of %s"
                .formatted(Numbers.count(curve.best().step()), Numbers.count(curve.steps()))),
        new Html.Figure(
            "Before training", Numbers.correlation(curve.before().spearman()), "Spearman on dev"),
        new Html.Figure(
            "Pairs",
            Numbers.count(model.pairs().train()),
            (model.pairs().similar() < model.pairs().train()
                    ? "%s similar; ".formatted(Numbers.count(model.pairs().similar()))
                    : "")
                + "%s to evaluate on".formatted(Numbers.count(model.pairs().dev()))),
        new Html.Figure(
            "Time",
            Amount.time(Duration.ofMillis((long) (1e3 * curve.seconds()))),
            "on %s, %s tokens/s"
                .formatted(
                    model.device(),
                    Amount.rate(curve.tokens() / Math.max(1e-3, curve.seconds())))));
  }

  private static String scores(Curve curve) {
    LineChart chart =
        new LineChart(
            "Spearman and Pearson on the dev pairs over steps",
            List.of(
                new LineChart.Series("second", false, points(curve, DevScore::pearson)),
                new LineChart.Series("", true, points(curve, DevScore::spearman))),
            OptionalDouble.of(curve.best().step()),
            value -> String.format(Locale.ROOT, "%.3f", value).replace('-', '−'));
    return chart.html()
        + """
        <p class="legend"><span><svg class="plot" viewBox="0 0 30 10" aria-hidden="true">\
        <path class="line" d="M0 5H30"/></svg> Spearman</span>\
        <span><svg class="plot" viewBox="0 0 30 10" aria-hidden="true">\
        <path class="line second" d="M0 5H30"/></svg> Pearson</span></p>""";
  }

  private static List<LineChart.Point> points(Curve curve, Function<DevScore, Double> value) {
    List<LineChart.Point> points = new ArrayList<>();
    for (DevScore score : curve.scores()) {
      if (value.apply(score) != null) {
        points.add(new LineChart.Point(score.step(), value.apply(score)));
      }
    }
    return points;
  }

  private static String lossLead(Curve curve) {
    List<Double> losses = curve.losses();
    int part = Math.max(1, losses.size() / 10);
    return "Mean of the first tenth of the steps %s, of the last tenth %s."
        .formatted(
            mean(losses.subList(0, Math.min(part, losses.size()))),
            mean(losses.subList(Math.max(0, losses.size() - part), losses.size())));
  }

  private static String mean(List<Double> values) {
    return Numbers.correlation(
        values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN));
  }

  private static String losses(Curve curve) {
    return new LineChart(
            "Loss over steps",
            List.of(
                new LineChart.Series("faint", false, LineChart.overSteps(curve.losses())),
                new LineChart.Series("", false, LineChart.smooth(curve.losses()))),
            OptionalDouble.empty(),
            TrainReport::short3)
        .html();
  }

  private static String line(String label, List<Double> values) {
    return new LineChart(
            label,
            List.of(new LineChart.Series("", false, LineChart.overSteps(values))),
            OptionalDouble.empty(),
            TrainReport::short3)
        .html();
  }

  /** Three digits, whatever the size. */
  private static String short3(double value) {
    double size = Math.abs(value);
    return size > 0 && (size < 1e-3 || size >= 1e4)
        ? String.format(Locale.ROOT, "%.1e", value)
        : String.format(Locale.ROOT, "%.3g", value);
  }

  private static String scoreTable(Curve curve) {
    String rows =
        curve.scores().stream()
            .map(score -> scoreRow(score, score.step() == curve.best().step()))
            .collect(Collectors.joining("\n"));
    return """
        <table class="numbers"><thead><tr><th scope="col">Step</th><th scope="col">Epoch</th>\
        <th scope="col">Spearman</th><th scope="col">Pearson</th></tr></thead>
        <tbody>
        %s
        </tbody></table>"""
        .formatted(rows);
  }

  private static String scoreRow(DevScore score, boolean isChosen) {
    return """
        <tr%s><th scope="row">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>"""
        .formatted(
            isChosen ? " class=\"chosen\" aria-current=\"true\"" : "",
            Numbers.count(score.step()),
            String.format(Locale.ROOT, "%.2f", score.epoch()),
            Numbers.correlation(score.spearman()),
            Numbers.correlation(score.pearson()));
  }

  private String notes() {
    if (model.notes().isEmpty()) {
      return "";
    }
    return model.notes().stream()
        .map(note -> "<li dir=\"auto\">%s</li>".formatted(Html.escape(note)))
        .collect(
            Collectors.joining(
                "\n",
                "<section aria-labelledby=\"notes\"><h2 id=\"notes\">Notes</h2><ul>\n",
                "\n</ul></section>"));
  }
}
