package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.sparkgbert.train.Curve;
import org.sparkgbert.train.DevScore;
import org.sparkgbert.train.TrainedModel;

class TrainReportTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)> & \"'";

  @Test
  void figuresScoresAndSettingsAreOnThePage() {
    String page = new TrainReport(model(1_000)).html();
    assertThat(page)
        .contains(
            ">0.7812<", "step 400 of 1,000", ">0.5137<", "1,234 similar; 1,500 to evaluate on")
        .contains("<th scope=\"row\">--loss</th>", "contrastive", "2026-11-26 19:00:00 UTC")
        .contains("aria-label=\"Loss over steps\"", "aria-label=\"Learning rate over steps\"")
        .contains("<title>step 400: 0.781</title>", "a note")
        .doesNotContain("--where");
    assertThat(page).containsOnlyOnce("aria-current=\"true\"");
    assertThat(page).containsOnlyOnce("class=\"chosen\" cx=");
  }

  @Test
  void nothingRunsAndNothingIsLoaded() {
    String page = new TrainReport(model(1_000)).html();
    assertThat(page)
        .doesNotContain("<script", "http://", "https://", "url(", "<img", "<link", "style=\"")
        .containsPattern(
            "default-src 'none'; style-src 'sha256-\\S{43}='; base-uri 'none'; form-action 'none'");
    assertThat(page).contains("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;&#39;");
  }

  @Test
  void manyStepsAreDrawnAsFewPoints() {
    String page = new TrainReport(model(100_000)).html();
    assertThat(page.length()).isLessThan(120_000);
    assertThat(page)
        .contains("Mean of the first tenth of the steps 0.9500, of the last tenth 0.0500.");
  }

  @Test
  void linesStayInsideTheirPicture() {
    String page = new TrainReport(model(1_000)).html();
    Pattern.compile("[ML](-?[\\d.]+) (-?[\\d.]+)")
        .matcher(page)
        .results()
        .forEach(
            point -> {
              assertThat(Double.parseDouble(point.group(1))).isBetween(0.0, 460.0);
              assertThat(Double.parseDouble(point.group(2))).isBetween(0.0, 260.0);
            });
    assertThat(Pattern.compile("[ML][\\d.]+ [\\d.]+").matcher(page).results().count())
        .isGreaterThan(500);
  }

  @Test
  void aTrainingOfOneStepHasAPageToo() {
    assertThat(new TrainReport(model(1)).html()).doesNotContain("NaN", "Infinity", "null");
  }

  private static TrainedModel model(int steps) {
    List<Double> losses = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      losses.add(1 - (step + 0.5) / steps);
      rates.add(5e-6 * (steps - step) / steps);
    }
    List<DevScore> scores =
        List.of(
            new DevScore(0, 0, 0.5, 0.5137),
            new DevScore(0.4, 400, 0.77, 0.7812),
            new DevScore(1, 1_000, null, 0.7811));
    return new TrainedModel(
        Path.of("models", "my-model"),
        Path.of("models", "my-model", "bundle"),
        HOSTILE,
        "",
        Map.of("--loss", "contrastive", "--where", ""),
        new TrainedModel.Pairs(5_749, 1_500, 1_234, 3),
        steps,
        new Curve(losses, rates, losses, scores, 3_600, 1_000_000),
        "cpu",
        "2.7.1",
        List.of("a note"),
        "2026-11-26T19:00:00Z",
        Duration.ofHours(1));
  }
}
