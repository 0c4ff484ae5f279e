package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CorpusEstimateTest {
  private static CorpusEstimate of(CorpusSample sample, int cores, boolean onCpu) {
    return CorpusEstimate.of(sample, new CorpusEstimate.Rate("job", 100, cores, onCpu), 256);
  }

  @Test
  void rowsWithoutTextTakeNothing() {
    CorpusEstimate estimate = of(new CorpusSample(3_000, 3_000, 300, 6_000), 2, true);
    assertThat(estimate.tokens()).isEqualTo(6_000);
    assertThat(estimate.vectorBytes()).isEqualTo(300 * 256 * 4);
    assertThat(estimate.extent()).isEqualTo("3,000 rows, 2,700 without text");
    assertThat(estimate.size()).isEqualTo("6,000 tokens, 307 kB of vectors");
    assertThat(estimate.time()).isEqualTo("1 min 0 s on 2 cores, 0.1 s on 1,000 executor cores");
  }

  @Test
  void whatIsExtrapolatedIsAbout() {
    CorpusEstimate estimate = of(new CorpusSample(9_000_000, 3_000, 2_000, 60_000), 2, true);
    assertThat(estimate.extent()).isEqualTo("9,000,000 rows, about 3,000,000 without text");
    assertThat(estimate.size()).isEqualTo("about 180,000,000 tokens, 6.14 GB of vectors");
    assertThat(estimate.time()).isEqualTo("500.0 h on 2 cores, 1.0 h on 1,000 executor cores");
  }

  @Test
  void oneOfEachIsNotMany() {
    CorpusEstimate estimate = of(new CorpusSample(1, 1, 1, 1), 1, true);
    assertThat(estimate.extent()).isEqualTo("1 row");
    assertThat(estimate.size()).isEqualTo("1 token, 1.02 kB of vectors");
    assertThat(estimate.time())
        .isEqualTo("under 0.1 s on 1 core, under 0.1 s on 1,000 executor cores");
  }

  @Test
  void aGpuIsNotCounted() {
    CorpusEstimate estimate = of(new CorpusSample(10, 10, 10, 1_000), 2, false);
    assertThat(estimate.time()).isEqualTo("10.0 s on the GPU");
    assertThat(estimate.hoursOn1000Cores()).isNull();
  }

  @Test
  void aSampleHasNoMoreThanItsCorpus() {
    assertThatThrownBy(() -> new CorpusSample(2, 3, 1, 1))
        .hasMessage("Cannot hold result: rows not read must not be negative, found -1.0");
    assertThatThrownBy(() -> new CorpusSample(2, 2, 3, 1))
        .hasMessage("Cannot hold result: rows without text must not be negative, found -1.0");
  }
}
