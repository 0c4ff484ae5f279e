package org.sparkgbert.action;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
  @Test
  void oneIsSingular() {
    assertThat(Amount.of(1, "row")).isEqualTo("1 row");
    assertThat(Amount.of(0, "row")).isEqualTo("0 rows");
    assertThat(Amount.of(2000, "file")).isEqualTo("2,000 files");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1, 1 byte",
    "999, 999 bytes",
    "1000, 1.00 kB",
    "3456, 3.46 kB",
    "45678, 45.7 kB",
    "999499, 999 kB",
    "999500, 1.00 MB",
    "1340000000, 1.34 GB"
  })
  void sizesHaveTheUnitThatSuits(long bytes, String words) {
    assertThat(Amount.bytes(bytes)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0 s",
    "9540, 9.5 s",
    "59949, 59.9 s",
    "59950, 1 min 0 s",
    "207000, 3 min 27 s",
    "3599400, 59 min 59 s",
    "3599600, 1 h 0 min",
    "3725000, 1 h 2 min"
  })
  void timesHaveTheUnitThatSuits(long millis, String words) {
    assertThat(Amount.time(Duration.ofMillis(millis))).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.31, 0.31", "5.94, 5.94", "12.34, 12.3", "1234.5, '1,235'"})
  void ratesHaveThreeDigits(double rate, String words) {
    assertThat(Amount.rate(rate)).isEqualTo(words);
  }
}
