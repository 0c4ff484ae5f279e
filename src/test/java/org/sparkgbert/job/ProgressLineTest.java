package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void aKnownTotalGivesShareSpeedAndTimeLeft() {
    assertThat(line(250_000, OptionalLong.of(1_000_000), 125, false))
        .isEqualTo(" 25 % of 1,000,000 rows, 250,000 rows, 2,000 rows/s, 0:06:15 left");
  }

  @Test
  void aBarFillsWithTheShare() {
    assertThat(line(500, OptionalLong.of(1_000), 10, true))
        .startsWith("[" + "#".repeat(15) + ".".repeat(15) + "]  50 % of 1,000 rows");
    assertThat(line(0, OptionalLong.of(1_000), 10, true)).startsWith("[" + ".".repeat(30) + "]");
    assertThat(line(1_000, OptionalLong.of(1_000), 10, true))
        .isEqualTo(
            "[" + "#".repeat(30) + "] 100 % of 1,000 rows, 1,000 rows, 100 rows/s, 0:00:00 left");
  }

  @Test
  void stepsTellOfThemselvesAndOfTheTimeLeft() {
    Duration took = Duration.ofSeconds(50);
    assertThat(ProgressLine.ofSteps(25, 1_000, "step", "loss 0.0312", took))
        .isEqualTo("  3 % of 1,000 steps, loss 0.0312, 0:32:30 left");
    assertThat(ProgressLine.ofSteps(0, 10, "step", "loss NaN", took))
        .endsWith(", time left unknown");
    assertThat(ProgressLine.ofSteps(10, 10, "step", "loss 0.1", took)).endsWith("0:00:00 left");
  }

  @Test
  void anUnknownTotalGivesSpeedAndTimeSpent() {
    assertThat(line(100, OptionalLong.empty(), 3_725, true))
        .isEqualTo("100 rows, 0.03 rows/s, 1:02:05");
  }

  @Test
  void noRowsYetGiveNoGuess() {
    assertThat(line(0, OptionalLong.of(10), 30, false))
        .isEqualTo("  0 % of 10 rows, 0 rows, 0 rows/s, time left unknown");
  }

  @Test
  void rowsOfRepeatedTasksGoNoFurtherThanAll() {
    assertThat(line(15, OptionalLong.of(10), 1, true))
        .startsWith("[" + "#".repeat(30) + "] 100 %")
        .endsWith("0:00:00 left");
  }

  @Test
  void theFirstInstantDividesByNothing() {
    assertThat(line(5, OptionalLong.of(10), 0, false)).doesNotContain("∞").contains("rows/s");
  }

  @Test
  void numbersLookAlikeOnEveryMachine() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(line(1_500, OptionalLong.empty(), 1, false)).startsWith("1,500 rows");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void moreBytesThanExpectedAreAFullBar() {
    assertThat(ProgressLine.ofBytes(2_000_000, 1_000_000))
        .isEqualTo("[##############################] 100 % of 1.00 MB");
  }

  private static String line(long rows, OptionalLong total, long seconds, boolean bar) {
    return ProgressLine.of(rows, total, Duration.ofSeconds(seconds), bar);
  }
}
