package org.sparkgbert.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sparkgbert.cluster.ClusterCard;
import org.sparkgbert.cluster.LabelCounts;

/**
 * Known labels against clusters, as an HTML table: a cell is the darker, the more of its label's
 * rows are in the cluster.
 *
 * @param column the column of the labels
 * @param labels rows of each label by cluster
 * @param cards the clusters by number
 */
record LabelTable(String column, List<LabelCounts> labels, List<ClusterCard> cards) {
  /** The page's style has this many shades besides none. */
  private static final int SHADES = 6;

  private static final int NAME_CHARACTERS = 18;

  /** A section; empty if there are no labels. */
  String html() {
    if (labels.isEmpty()) {
      return "";
    }
    int[] order = order();
    return """
        <section aria-labelledby="labels-title"><h2 id="labels-title">Labels and clusters</h2>
        <p class="lead">Rows of each label in the column %s, by cluster. The darker, the more of the \
        label’s rows are in the cluster.</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="labels-title">\
        <table class="numbers cross"><thead><tr><th scope="col" dir="auto">%s</th>%s\
        <th scope="col">Rows</th></tr></thead>
        <tbody>
        %s
        </tbody></table></div></section>"""
        .formatted(
            Html.escape(column),
            Html.escape(column),
            Arrays.stream(order).mapToObj(this::heading).collect(Collectors.joining()),
            labels.stream().map(each -> row(each, order)).collect(Collectors.joining("\n")));
  }

  /** Clusters with the same most frequent label side by side, in the order of the labels. */
  private int[] order() {
    return IntStream.range(0, cards.size())
        .boxed()
        .sorted(
            Comparator.comparingInt(this::mainLabel)
                .thenComparing(
                    cluster -> labels.get(mainLabel(cluster)).rows()[cluster],
                    Comparator.reverseOrder()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private int mainLabel(int cluster) {
    int best = 0;
    for (int each = 1; each < labels.size(); each++) {
      best = labels.get(each).rows()[cluster] > labels.get(best).rows()[cluster] ? each : best;
    }
    return best;
  }

  private String heading(int cluster) {
    List<String> words = cards.get(cluster).labels();
    String name = (cluster + " " + (words.isEmpty() ? "" : words.get(0))).strip();
    int[] shown = name.codePoints().limit(NAME_CHARACTERS).toArray();
    return "<th scope=\"col\"><span dir=\"auto\">%s</span></th>"
        .formatted(Html.escape(new String(shown, 0, shown.length)));
  }

  private static String row(LabelCounts counts, int[] order) {
    String label = counts.label() == null ? "all other labels" : counts.label();
    String cells =
        Arrays.stream(order)
            .mapToObj(cluster -> cell(counts.rows()[cluster], counts.total()))
            .collect(Collectors.joining());
    return "<tr><th scope=\"row\" dir=\"auto\">%s</th>%s<td>%s</td></tr>"
        .formatted(Html.escape(label), cells, Numbers.count(counts.total()));
  }

  private static String cell(long rows, long total) {
    if (rows == 0) {
      return "<td></td>";
    }
    long shade = Math.min(SHADES, 1 + SHADES * rows / total);
    return "<td class=\"s%d\">%s</td>".formatted(shade, Numbers.count(rows));
  }
}
