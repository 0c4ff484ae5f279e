package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser makes of pages whose every text is hostile. */
class PagesInBrowserTest {
  @TempDir Path directory;

  @Test
  void thePageOfAnEvaluationShowsHostileTextsAsText() throws Exception {
    String elements = open(StsReports.hostile().html(), "scatter");
    assertSound(elements, 2);
    assertThat(elements).contains("show all 10,000 characters", "No pairs.");
  }

  @Test
  void thePageOfClustersShowsHostileTextsAsText() throws Exception {
    String elements = open(ClusterReports.hostile().html(), "map");
    assertSound(elements, 3);
    assertThat(elements).contains("show all 10,000 characters", "id=\"cluster-69\"", "70 clusters");
  }

  @Test
  void thePageOfASearchShowsHostileTextsAsText() throws Exception {
    String elements = open(SearchReports.hostile().html(), "scores");
    assertSound(elements, 1);
    assertThat(elements).contains("show all 10,000 characters", "2 of 7 are shown", "<meter");
    String empty = open(SearchReports.empty().html(), "scores");
    assertThat(empty).contains("data-overflow=\"0\"", "Nothing was found for any question.");
  }

  @Test
  void thePageOfABenchShowsHostileNamesAsText() throws Exception {
    String elements = open(BenchReports.hostile().html(), "stages");
    assertSound(elements, 3);
    assertThat(elements).contains("aria-label=\"Model of the chart\"", "Running the model");
  }

  @Test
  void thePageOfABenchWithoutLimitsAndJobsIsDrawnToo() throws Exception {
    String elements = open(BenchReports.least().html(), "stages");
    assertThat(elements).contains("data-errors=\"\"", "data-overflow=\"0\"");
    assertThat(elements.split("data-drawn=\"true\"", -1)).hasSize(4);
  }

  /** Opens a page and shows the tooltip of the first point of a chart. */
  private String open(String html, String chart) throws Exception {
    Optional<Browser> browser = Browser.find(directory);
    if (browser.isEmpty()) {
      System.out.println("Pages are not tried: no Chromium on the path, nor named by CHROME_BIN");
    }
    assumeTrue(browser.isPresent());
    String script =
        """
        addEventListener('load', () => echarts.getInstanceByDom(document.getElementById('%s'))
          .dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: 0 }));"""
            .formatted(chart);
    return Markup.withoutScripts(browser.get().elementsOf(withScript(html, script)));
  }

  private static String withScript(String html, String script) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
    String allowed = "script-src 'sha256-%s' ".formatted(Base64.getEncoder().encodeToString(hash));
    int end = html.lastIndexOf("</body>");
    return html.substring(0, end).replace("script-src ", allowed)
        + "<script>%s</script>".formatted(script)
        + html.substring(end);
  }

  private static void assertSound(String elements, int charts) {
    assertThat(elements)
        .contains("data-errors=\"\"", "data-overflow=\"0\"")
        .doesNotContain("<title>owned", "<img", "<svg onload");
    assertThat(elements.split("data-drawn=\"true\"", -1)).hasSize(charts + 1);
    assertThat(elements)
        .as("texts and tooltips")
        .contains("&lt;img src=x onerror=", "&lt;/script&gt;&lt;script&gt;", "class=\"tip\"");
  }
}
