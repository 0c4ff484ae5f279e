package org.sparkgbert.report;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sparkgbert.bench.BenchResult;

/**
 * A page that shows how fast models are on a machine, what its limit is, and where the rest of the
 * time goes.
 *
 * @param result what the bench measured
 */
public record BenchReport(BenchResult result) {

  /** Checks that the result is present. */
  public BenchReport {
    Objects.requireNonNull(result, "result");
  }

  /**
   * The page: HTML5, to be written as UTF-8. It loads nothing, and names appear in it as text only.
   */
  public String html() {
    BenchHeadline headline = new BenchHeadline(result);
    BenchTables tables = new BenchTables(result);
    return Page.html(
        "bench",
        List.of("bench.js", "bench-charts.js"),
        headline.title() + " – throughput",
        Map.of(
            "title", Html.escape(headline.title()),
            "lead", headline.lead(),
            "sentences", headline.sentences(),
            "figures", Html.figures(headline.figures()),
            "jobs", tables.jobs(),
            "all", tables.all(),
            "machine", Html.definitions(tables.machine().entrySet())),
        new Data(result, result.candidates().stream().map(Roofline::of).toList()));
  }

  /** What the page's script reads; one roofline per model. */
  private record Data(BenchResult result, List<Roofline> rooflines) {}
}
