package org.sparkgbert.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.sparkgbert.sts.Evaluation;
import org.sparkgbert.sts.Evaluation.Agreement;
import org.sparkgbert.vector.Similarity;

/** The parts of an evaluation that need no script. */
final class StsTables {
  private static final Agreement UNDEFINED = new Agreement(null, null, null, null);

  private final StsReport report;
  private final Evaluation evaluation;

  StsTables(StsReport report) {
    this.report = report;
    evaluation = report.evaluation();
  }

  /** A similarity as a heading: {@code Cosine similarity}. */
  static String name(Similarity similarity) {
    String words = similarity.column().replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  List<Html.Figure> figures() {
    Agreement cosine = cosine();
    return List.of(
        new Html.Figure("Spearman, cosine", Numbers.correlation(cosine.spearman()), interval()),
        new Html.Figure("Pearson, cosine", Numbers.correlation(cosine.pearson()), ""),
        new Html.Figure(
            "Pairs", Numbers.count(evaluation.pairs()), "with a gold score and a model score"),
        new Html.Figure(
            "Skipped", Numbers.count(evaluation.pairsSkipped()), "without one of them"));
  }

  private String interval() {
    String ends = Numbers.interval(cosine().spearmanLow(), cosine().spearmanHigh());
    return ends.isEmpty() ? "" : "95 % interval " + ends;
  }

  private Agreement cosine() {
    return evaluation.agreement().getOrDefault(Similarity.COSINE, UNDEFINED);
  }

  /** A table with a row for each similarity. */
  String similarities() {
    String rows =
        evaluation.agreement().entrySet().stream()
            .map(each -> similarityRow(each.getKey(), each.getValue()))
            .collect(Collectors.joining("\n"));
    return """
        <table class="numbers"><caption>Intervals: bootstrap of %s resamples, seed %s. \
        Distances are negated.</caption>
        <thead><tr><th scope="col">Similarity</th><th scope="col">Spearman</th>\
        <th scope="col">95 %% interval</th><th scope="col">Pearson</th></tr></thead>
        <tbody>
        %s
        </tbody></table>"""
        .formatted(Numbers.count(evaluation.resamples()), evaluation.seed(), rows);
  }

  private static String similarityRow(Similarity similarity, Agreement agreement) {
    String interval = Numbers.interval(agreement.spearmanLow(), agreement.spearmanHigh());
    return """
        <tr><th scope="row">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>"""
        .formatted(
            name(similarity),
            Numbers.correlation(agreement.spearman()),
            interval.isEmpty() ? "–" : interval,
            Numbers.correlation(agreement.pearson()));
  }

  /** A section that ranks this run among published figures; empty if there are none. */
  String published() {
    if (report.published().isEmpty()) {
      return "";
    }
    String rows = ranked().stream().map(Ranked::html).collect(Collectors.joining("\n"));
    return """
        <section aria-labelledby="published"><h2 id="published">Published figures of known models</h2>
        <p class="lead">Spearman. These are the pairs of the test set of STSb-de, for which \
        these figures were published.</p>
        <table class="numbers ranking"><thead><tr><th scope="col">Model and source</th>\
        <th scope="col">Spearman</th><td class="wide"></td></tr></thead>
        <tbody>
        %s
        </tbody></table></section>"""
        .formatted(rows);
  }

  private List<Ranked> ranked() {
    List<Ranked> rows = new ArrayList<>();
    report
        .published()
        .forEach(each -> rows.add(new Ranked(each.model(), each.spearman(), each.source(), false)));
    Double own = cosine().spearman();
    if (own != null) {
      String model = ProvenanceTable.model(report.provenance());
      rows.add(new Ranked(model, own, "this run, " + report.title(), true));
    }
    rows.sort(Comparator.comparingDouble(Ranked::spearman).reversed());
    return rows;
  }

  private record Ranked(String model, double spearman, String source, boolean isThisRun) {
    private String html() {
      return """
          <tr%s><th scope="row">%s <small>%s</small></th><td>%s</td><td class="wide">%s</td></tr>"""
          .formatted(
              isThisRun ? " class=\"own\" aria-current=\"true\"" : "",
              Html.escape(model),
              Html.escape(source),
              Numbers.correlation(spearman),
              Html.bar(spearman));
    }
  }
}
