package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlTest {
  @Test
  void markupBecomesText() {
    assertThat(Html.escape("<b title=\"x\" lang='y'>&amp;</b>"))
        .isEqualTo("&lt;b title=&quot;x&quot; lang=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;");
  }

  @Test
  void whatUtf8LacksIsReplaced() {
    String html = Html.escape("a\uD83D\u0000\u0085b\n\uD83D\uDE00");
    assertThat(html).isEqualTo("a\uFFFD\uFFFD\uFFFDb\n\uD83D\uDE00");
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(html)).isTrue();
  }

  @Test
  void nothingIsADash() {
    assertThat(Html.escape(null)).isEqualTo("–");
    assertThat(Numbers.correlation(null)).isEqualTo("–");
    assertThat(Numbers.correlation(Double.NaN)).isEqualTo("–");
  }

  @ParameterizedTest
  @CsvSource({"0.65771,0.6577", "-0.1,−0.1000", "1,1.0000"})
  void correlationsHaveFourDigits(double value, String words) {
    assertThat(Numbers.correlation(value)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"0.5,width=\"50.00\"", "-1,width=\"0.00\"", "1.5,width=\"100.00\""})
  void barsStayInTheirTrack(double value, String width) {
    assertThat(Html.bar(value)).contains(width);
  }

  @Test
  void timesAreReadable() {
    assertThat(Html.dateTime("2026-03-01T12:34:56Z")).isEqualTo("2026-03-01 12:34:56 UTC");
    assertThat(Html.dateTime("<yesterday>")).isEqualTo("&lt;yesterday&gt;");
  }
}
