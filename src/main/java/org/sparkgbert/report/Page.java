package org.sparkgbert.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.codec.binary.Base64;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.text.StringSubstitutor;

/**
 * Assembles a page from the files next to this class: style, markup, script, charts and data in one
 * file. Its Content-Security-Policy forbids the network and every script and style except the
 * page's own, which it identifies by their checksums.
 */
final class Page {
  private Page() {}

  /**
   * A page.
   *
   * @param name which one: {@code NAME.html} and {@code NAME.css} make it
   * @param scripts what runs in it, in this order, after what all pages share
   * @param title its title, as text
   * @param places HTML for each placeholder of {@code NAME.html}
   * @param data what its script reads
   */
  static String html(
      String name, List<String> scripts, String title, Map<String, String> places, Object data) {
    String charts = "\n" + resource("echarts.min.js");
    String script = script(scripts);
    return html(
        name,
        title,
        places,
        " data-errors=\"\"",
        "script-src %s %s; ".formatted(hash(charts), hash(script)),
        fill(
            resource("scripts.html"),
            Map.of("data", JsonIsland.write(data), "charts", charts, "script", script)));
  }

  /**
   * A page that needs no script.
   *
   * @param name which one: {@code NAME.html} and {@code NAME.css} make it
   * @param title its title, as text
   * @param places HTML for each placeholder of {@code NAME.html}
   */
  static String still(String name, String title, Map<String, String> places) {
    return html(name, title, places, "", "", "");
  }

  private static String html(
      String name,
      String title,
      Map<String, String> places,
      String errors,
      String scriptPolicy,
      String scripts) {
    String style = "\n" + resource("page.css") + resource(name + ".css");
    return fill(
        resource("page.html"),
        Map.of(
            "errors",
            errors,
            "script_policy",
            scriptPolicy,
            "style_hash",
            hash(style),
            "title",
            Html.escape(title),
            "style",
            style,
            "body",
            fill(resource(name + ".html"), places),
            "scripts",
            scripts));
  }

  /** All in one function, so that no name is global. */
  private static String script(List<String> files) {
    String joined = files.stream().map(Page::resource).collect(Collectors.joining("\n"));
    return "\n(() => {\n'use strict';\n%s\n%s})();\n".formatted(resource("page.js"), joined);
  }

  /** Fills each placeholder once: inserted text is not searched for placeholders. */
  private static String fill(String template, Map<String, String> places) {
    return new StringSubstitutor(places, "{{", "}}")
        .setEnableUndefinedVariableException(true)
        .setDisableSubstitutionInValues(true)
        .replace(template);
  }

  private static String hash(String content) {
    return "'sha256-%s'".formatted(Base64.encodeBase64String(DigestUtils.sha256(content)));
  }

  private static String resource(String file) {
    try (InputStream in = Page.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("Cannot make the page: no resource " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read resource " + file, e);
    }
  }
}
