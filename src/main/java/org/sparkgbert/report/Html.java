package org.sparkgbert.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Pieces of HTML in which every text is escaped. */
final class Html {
  private static final String UNKNOWN = "–";

  private Html() {}

  /** A text that reads the same in an element or a quoted attribute; a dash for null. */
  static String escape(String text) {
    if (text == null) {
      return UNKNOWN;
    }
    StringBuilder html = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(each -> appendEscaped(html, each));
    return html.toString();
  }

  private static void appendEscaped(StringBuilder html, int codePoint) {
    switch (codePoint) {
      case '<' -> html.append("&lt;");
      case '>' -> html.append("&gt;");
      case '&' -> html.append("&amp;");
      case '"' -> html.append("&quot;");
      case '\'' -> html.append("&#39;");
      default -> html.appendCodePoint(isWritable(codePoint) ? codePoint : 0xFFFD);
    }
  }

  /** Not unpaired surrogates, which UTF-8 lacks, nor control characters, which HTML forbids. */
  private static boolean isWritable(int codePoint) {
    int type = Character.getType(codePoint);
    boolean isSpace = codePoint == '\n' || codePoint == '\t';
    return isSpace || (type != Character.SURROGATE && type != Character.CONTROL);
  }

  /** A line with the place of what has this title; empty if the title says it all. */
  static String path(String title, String path) {
    return path.equals(title)
        ? ""
        : "<p class=\"path\" dir=\"auto\">%s</p>".formatted(escape(path));
  }

  /** A UTC time in ISO 8601, in the form that people read. */
  static String dateTime(String iso) {
    return escape(iso.replaceFirst("(?<=\\d)T(?=\\d)", " ").replaceFirst("Z$", " UTC"));
  }

  /** A number that everyone should see first: its name, its value, and what to know about it. */
  record Figure(String name, String value, String note) {
    private String html() {
      return "<div class=\"figure\"><dt>%s</dt><dd><span class=\"value\">%s</span>%s</dd></div>"
          .formatted(escape(name), escape(value), note.isEmpty() ? "" : noteHtml());
    }

    private String noteHtml() {
      return " <span class=\"note\">%s</span>".formatted(escape(note));
    }
  }

  static String figures(List<Figure> figures) {
    return figures.stream()
        .map(Figure::html)
        .collect(Collectors.joining("\n", "<dl class=\"figures\">\n", "\n</dl>"));
  }

  /** A table of two columns, of which the left one names the row. */
  static String definitions(Iterable<? extends Map.Entry<String, String>> entries) {
    StringBuilder html = new StringBuilder("<table class=\"definitions\"><tbody>\n");
    for (var each : entries) {
      html.append("<tr><th scope=\"row\">%s</th>".formatted(escape(each.getKey())))
          .append("<td dir=\"auto\">%s</td></tr>\n".formatted(escape(each.getValue())));
    }
    return html.append("</tbody></table>").toString();
  }

  /** A bar as long as the value's share of one. */
  static String bar(double value) {
    return String.format(
        Locale.ROOT,
        """
        <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">\
        <rect class="track" width="100" height="10"/><rect width="%.2f" height="10"/></svg>""",
        Math.min(1, Math.max(0, value)) * 100);
  }
}
