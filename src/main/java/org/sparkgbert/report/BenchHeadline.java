package org.sparkgbert.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sparkgbert.bench.BenchResult;
import org.sparkgbert.bench.Comparison;
import org.sparkgbert.bench.EncoderRate;
import org.sparkgbert.bench.MedianAndRange;
import org.sparkgbert.bench.ModelResult;

/** What the page says first: about the first model, and about the others compared with it. */
final class BenchHeadline {
  private final BenchResult result;
  private final ModelResult first;

  BenchHeadline(BenchResult result) {
    this.result = result;
    first = result.candidates().get(0);
  }

  String title() {
    return result.candidates().stream()
        .map(ModelResult::name)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** HTML: where and when. */
  String lead() {
    return "%s, %s, %s, measured <time>%s</time>"
        .formatted(
            Html.escape(result.machine().cpu()),
            Numbers.cores(result.machine().cores()),
            Html.escape(result.machine().device()),
            Html.dateTime(result.date()));
  }

  /** HTML: the measured rate and its share of the limit, then the comparisons. */
  String sentences() {
    return Stream.concat(
            Stream.of(sentence()), result.comparisons().stream().map(BenchHeadline::sentence))
        .map(each -> "<p class=\"headline\" dir=\"auto\">%s</p>".formatted(Html.escape(each)))
        .collect(Collectors.joining("\n"));
  }

  private String sentence() {
    EncoderRate encoder = first.encoderOnMostCores();
    String rate =
        "%s encodes %s sentences per second on %s, %s tokens per second"
            .formatted(
                first.name(),
                Numbers.measured(encoder.sentencesPerSecond().median()),
                Numbers.cores(encoder.cores()),
                Numbers.measured(encoder.tokensPerSecond().median()));
    String share =
        encoder.shareOfLimit() == null
            ? "."
            : ": %s of what the machine reaches on the model’s matrix products alone."
                .formatted(Numbers.percent(encoder.shareOfLimit().median()));
    return rate + share + job();
  }

  private String job() {
    return first
        .jobOnMostCores()
        .map(
            job ->
                " The whole job, Parquet in and out, reaches %s of that."
                    .formatted(Numbers.percent(job.shareOfEncoder().median())))
        .orElse("");
  }

  private static String sentence(Comparison comparison) {
    MedianAndRange ratio = comparison.encoder();
    return "%s is %s times as fast as %s (%s to %s in single rounds)."
        .formatted(
            comparison.candidate(),
            Numbers.measured(ratio.median()),
            comparison.baseline(),
            Numbers.measured(ratio.lowest()),
            Numbers.measured(ratio.highest()));
  }

  List<Html.Figure> figures() {
    EncoderRate encoder = first.encoderOnMostCores();
    List<Html.Figure> figures = new ArrayList<>();
    figures.add(
        new Html.Figure(
            "Sentences per second",
            Numbers.measured(encoder.sentencesPerSecond().median()),
            "encoder alone, " + Numbers.cores(encoder.cores())));
    if (encoder.shareOfLimit() != null) {
      figures.add(
          new Html.Figure(
              "Share of the limit",
              Numbers.percent(encoder.shareOfLimit().median()),
              Numbers.measured(encoder.gigaflops().median()) + " GFLOP/s"));
    }
    first
        .jobOnMostCores()
        .ifPresent(
            job -> {
              String share = Numbers.percent(job.shareOfEncoder().median());
              figures.add(new Html.Figure("Job over encoder", share, job.master()));
              String start = Numbers.measured(job.coldStartSeconds().median()) + " s";
              figures.add(new Html.Figure("Cold start", start, "launch to first batch"));
            });
    figures.add(
        new Html.Figure("Padding", Numbers.percent(encoder.paddingShare()), "of computed tokens"));
    return figures;
  }
}
