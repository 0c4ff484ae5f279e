package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.sparkgbert.report.Roofline.Point;

class BenchReportTest {
  @Test
  void theRateItsShareOfTheLimitAndTheComparisonNeedNoScript() {
    assertThat(Markup.withoutScripts(BenchReports.plain().html()))
        .contains(
            "gbert-large float32 encodes 14.4 sentences per second on 2 cores, 261 tokens per second:"
                + " 92.1 % of what the machine reaches on the model’s matrix products alone."
                + " The whole job, Parquet in and out, reaches 97.8 % of that.",
            "gbert-large int8 is 2.70 times as fast as gbert-large float32 (2.62 to 2.75 in")
        .contains(
            "3,000,000,000 rows, about 300,000,000 without text; about 54,000,000,000 tokens,"
                + " 11.1 TB of vectors; at the job’s rate 12,345.7 h on 2 cores, 24.7 h on 1,000"
                + " executor cores")
        .contains("<td>92.1 %</td><td>89.3 % to 93.9 %</td>", "<td>2.10 GB</td>")
        .contains("jobs/bench.sh --shape gbert-large", "2026-03-01 12:34:56 UTC", "AMD EPYC");
  }

  @Test
  void noTextBecomesMarkup() {
    String page = BenchReports.hostile().html();
    assertThat(Markup.withoutScripts(page)).doesNotContain("<img", "<svg onload");
    assertThat(page.split("<script", -1)).hasSize(4);
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(page)).isTrue();
  }

  @Test
  void whatWasNotMeasuredIsLeftOut() {
    assertThat(Markup.withoutScripts(BenchReports.least().html()))
        .contains("tiny encodes 100 sentences per second on 1 core, 100 tokens per second.")
        .contains("No job was measured.")
        .doesNotContain("Share of the limit", "Against each other", "null");
  }

  @Test
  void intensityCountsEachMatrixOfAProductOnce() {
    Roofline roofline = Roofline.of(BenchReports.plain().result().candidates().get(1));
    assertThat(intensity(roofline, "float32", "attention output"))
        .isCloseTo(2.0 * 2048 * 1024 * 1024 / (4 * (2 * 2048 * 1024 + 1024 * 1024)), within(1e-9));
    assertThat(intensity(roofline, "int8", "attention output"))
        .isCloseTo(2.0 * 2048 * 1024 * 1024 / (5 * 2048 * 1024 + 1024 * 1024), within(1e-9));
  }

  @Test
  void encoderAndJobStandUnderTheLimitOfTheirOwnPrecision() {
    Roofline roofline = Roofline.of(BenchReports.plain().result().candidates().get(1));
    assertThat(roofline.ceilings().stream().filter(Roofline.Ceiling::own))
        .singleElement()
        .satisfies(each -> assertThat(each.precision() + each.cores()).isEqualTo("int82"));
    double encoder = intensity(roofline, Roofline.ENCODER, Roofline.ENCODER);
    assertThat(encoder)
        .isBetween(
            intensity(roofline, "int8", "attention output"),
            intensity(roofline, "int8", "feed-forward, second"))
        .isEqualTo(intensity(roofline, Roofline.JOB, Roofline.JOB));
  }

  private static double intensity(Roofline roofline, String kind, String name) {
    return roofline.points().stream()
        .filter(each -> each.kind().equals(kind) && each.name().equals(name))
        .mapToDouble(Point::intensity)
        .findFirst()
        .orElseThrow();
  }
}
