package org.sparkgbert.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sparkgbert.action.Amount;
import org.sparkgbert.search.IndexInfo;
import org.sparkgbert.search.RecallFindings;

/**
 * A page that shows how much an index finds, and what it reads for that. Immutable.
 *
 * @param findings what was measured
 */
public record RecallReport(RecallFindings findings) {
  /** Checks that there is something. */
  public RecallReport {
    Objects.requireNonNull(findings, "findings");
  }

  /** The page for a measurement. */
  public static RecallReport of(RecallFindings findings) {
    return new RecallReport(findings);
  }

  /** The page: HTML5, to be written as UTF-8. It loads nothing and needs no script. */
  public String html() {
    String title = TableName.of(List.of(findings.path()));
    return Page.still(
        "recall",
        title + " – recall",
        Map.of(
            "title", Html.escape(title),
            "path", Html.path(title, findings.path()),
            "date_time", Html.dateTime(findings.finished()),
            "questions", Numbers.count(findings.questions()),
            "singles", Numbers.count(findings.singles(), "question"),
            "figures", Html.figures(figures()),
            "table", table(),
            "settings", Html.definitions(settings().entrySet())));
  }

  private List<Html.Figure> figures() {
    IndexInfo info = findings.info();
    RecallFindings.Measured usual =
        findings.recalls().stream()
            .filter(each -> each.probe() == info.probe())
            .findFirst()
            .orElseThrow();
    return List.of(
        new Html.Figure(
            "Recall at 10",
            Numbers.correlation(usual.recall()),
            "%s of %s cells asked"
                .formatted(Numbers.count(usual.probe()), Numbers.count(info.cells()))),
        new Html.Figure("Rows compared", Numbers.percent(usual.rows()), "by their codes"),
        new Html.Figure(
            "Bytes read",
            Numbers.percent(share(usual)),
            "of %s that exact search reads".formatted(Amount.bytes(findings.exactBytes()))));
  }

  private double share(RecallFindings.Measured measured) {
    return measured.bytes() / Math.max(1, findings.exactBytes());
  }

  private String table() {
    StringBuilder rows = new StringBuilder();
    for (RecallFindings.Measured measured : findings.recalls()) {
      rows.append(
          """
          <tr><th scope="row">%s%s</th><td>%s</td><td>%s</td><td>%s</td></tr>
          """
              .formatted(
                  Numbers.count(measured.probe()),
                  measured.probe() == findings.info().probe() ? " (usual)" : "",
                  Numbers.correlation(measured.recall()),
                  Numbers.percent(measured.rows()),
                  Numbers.percent(share(measured))));
    }
    return """
        <table class="numbers"><thead><tr><th scope="col">Cells asked</th>\
        <th scope="col">Recall at 10</th><th scope="col">Rows</th><th scope="col">Bytes</th></tr></thead>
        <tbody>
        %s</tbody></table>"""
        .formatted(rows);
  }

  private Map<String, String> settings() {
    IndexInfo info = findings.info();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("Compared by", StsTables.name(info.similarity()));
    settings.put(
        "Rows",
        "%s, of which %s have no usable embedding"
            .formatted(Numbers.count(info.rows()), Numbers.count(info.rows() - info.compared())));
    settings.put("Dimension", Numbers.count(info.dimension()));
    settings.put("Cells", Numbers.count(info.cells()));
    settings.put("Largest cell", Numbers.measured(info.now().imbalance()) + " times the mean");
    return settings;
  }
}
