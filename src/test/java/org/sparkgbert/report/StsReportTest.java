package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sparkgbert.sts.PublishedScore;

class StsReportTest {
  private static String page;

  @BeforeAll
  static void make() {
    page = StsReports.hostile().html();
  }

  @Test
  void figuresNeedNoScript() {
    assertThat(Markup.withoutScripts(page))
        .contains(">0.6577<", "95 % interval 0.6251 to 0.6880", ">0.7123<", ">1,379<", ">21<")
        .contains("Manhattan distance", "sha256:f00d", "2026-03-01 12:34:56 UTC", "<noscript>");
  }

  @Test
  void thisRunIsRankedAmongPublishedFigures() {
    assertThat(Markup.withoutScripts(page))
        .containsSubsequence("better", "aria-current=\"true\"", "this run", "worse");
  }

  @Test
  void noTextBecomesMarkup() {
    assertThat(Markup.withoutScripts(page)).doesNotContain("<img", "<svg onload");
    assertThat(page.split("<script", -1)).hasSize(4);
    assertThat(page.split("</script>", -1)).hasSize(4);
  }

  @Test
  void everythingIsAllowedByChecksumAndNothingByPlace() {
    assertThat(page)
        .containsPattern(
            "default-src 'none'; script-src 'sha256-\\S{43}=' 'sha256-\\S{43}=';"
                + " style-src 'sha256-\\S{43}='; base-uri 'none'; form-action 'none'\"");
  }

  @Test
  void everyCharacterCanBeWrittenAsUtf8() {
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(page)).isTrue();
  }

  @Test
  void anEvaluationOfNothingHasAPageToo() {
    assertThat(Markup.withoutScripts(StsReports.empty().html()))
        .contains("<span class=\"value\">–</span>", "the embeddings carry no provenance")
        .doesNotContain("Published figures", "null");
  }

  @Test
  void publishedScoresAreCorrelations() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PublishedScore("m", 86.2, "card"))
        .withMessage("Cannot show the published score of m: it must be from -1 to 1, found 86.2");
  }
}
