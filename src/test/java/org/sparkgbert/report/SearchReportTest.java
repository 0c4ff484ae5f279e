package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SearchReportTest {
  private static String page;

  @BeforeAll
  static void make() {
    page = SearchReports.hostile().html();
  }

  @Test
  void figuresAndSettingsNeedNoScript() {
    assertThat(Markup.withoutScripts(page))
        .contains(">4,000<", ">3,990<", "5 have no usable embedding", ">0.8125<", ">123,456<")
        .contains("at most 10", "-0.25", "sha256:f00d", "2026-03-01 12:34:56 UTC", "<noscript>");
  }

  @Test
  void noTextBecomesMarkup() {
    assertThat(Markup.withoutScripts(page)).doesNotContain("<img", "<svg onload");
    assertThat(page.split("<script", -1)).hasSize(4);
    assertThat(page.split("</script>", -1)).hasSize(4);
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(page)).isTrue();
  }

  @Test
  void theScriptReadsBandsAnswersAndPoorQuestions() {
    assertThat(page)
        .contains("\"bands\":[{\"low\":0.2,\"high\":0.5,\"questions\":3}")
        .contains("\"low\":0.5,\"questions\":4000,\"poorQuestions\":7,\"poor\":[{\"id\":");
  }

  @Test
  void aSearchThatFoundNothingHasAPageToo() {
    assertThat(Markup.withoutScripts(SearchReports.empty().html()))
        .contains("<span class=\"value\">–</span>", "the embeddings carry no provenance")
        .doesNotContain("null");
  }
}
