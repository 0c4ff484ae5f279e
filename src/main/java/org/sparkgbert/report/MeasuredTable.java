package org.sparkgbert.report;

import java.util.function.DoubleFunction;
import org.sparkgbert.bench.MedianAndRange;

/** An HTML table of measured values: median, lowest and highest, in groups with headings. */
final class MeasuredTable {
  private final StringBuilder rows = new StringBuilder();

  /** Starts a group. */
  MeasuredTable group(String name) {
    rows.append("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"3\" dir=\"auto\">")
        .append(Html.escape(name))
        .append("</th></tr>\n");
    return this;
  }

  /** Adds a value; null means not measured and gets no row. */
  MeasuredTable row(String name, MedianAndRange value, DoubleFunction<String> format) {
    if (value != null) {
      rows.append(
          """
          <tr><th scope="row">%s</th><td>%s</td><td>%s</td></tr>
          """
              .formatted(Html.escape(name), format.apply(value.median()), range(value, format)));
    }
    return this;
  }

  private static String range(MedianAndRange value, DoubleFunction<String> format) {
    return value.rounds() == 1
        ? "–"
        : format.apply(value.lowest()) + " to " + format.apply(value.highest());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  String html() {
    return """
        <table class="numbers measured"><thead><tr><th scope="col">What</th>\
        <th scope="col">Median</th><th scope="col">Lowest to highest</th></tr></thead>
        <tbody>
        %s</tbody></table>"""
        .formatted(rows);
  }
}
