package org.sparkgbert.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts a page together from the files beside this class: style, markup, script, charts and data in
 * one file. Its Content-Security-Policy forbids the network and every script and style but the
 * page's own, which it knows by their checksums.
 */
final class Page {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z_]+)}}");

  private Page() {}

  /**
   * A page.
   *
   * @param name which one: {@code NAME.html} and {@code NAME.css} make it
   * @param scripts what runs in it, in this order, after what all pages share
   * @param title its title, as text
   * @param places HTML for each place of {@code NAME.html}
   * @param data what its script reads
   */
  static String html(
      String name, List<String> scripts, String title, Map<String, String> places, Object data) {
    String style = "\n" + resource("page.css") + resource(name + ".css");
    String charts = "\n" + resource("echarts.min.js");
    String script = script(scripts);
    return fill(
        resource("page.html"),
        Map.of(
            "script_hashes",
            hash(charts) + " " + hash(script),
            "style_hash",
            hash(style),
            "title",
            Html.escape(title),
            "style",
            style,
            "body",
            fill(resource(name + ".html"), places),
            "data",
            JsonIsland.write(data),
            "charts",
            charts,
            "script",
            script));
  }

  /** All in one function, so that no name is global. */
  private static String script(List<String> files) {
    String joined = files.stream().map(Page::resource).collect(Collectors.joining("\n"));
    return "\n(() => {\n'use strict';\n%s\n%s})();\n".formatted(resource("page.js"), joined);
  }

  /** Fills each place once: what is filled in is not searched for places again. */
  private static String fill(String template, Map<String, String> places) {
    return PLACE
        .matcher(template)
        .replaceAll(place -> Matcher.quoteReplacement(value(places, place.group(1))));
  }

  private static String value(Map<String, String> places, String name) {
    String value = places.get(name);
    if (value == null) {
      throw new IllegalStateException("Cannot fill the page: no value for " + name);
    }
    return value;
  }

  private static String hash(String content) {
    try {
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(sha256));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot use SHA-256: this Java lacks it", e);
    }
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
