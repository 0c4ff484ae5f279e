package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MedianAndRangeTest {
  @Test
  void theMedianOfEvenlyManyRoundsLiesBetweenBothInTheMiddle() {
    assertThat(MedianAndRange.of(5, 1, 3)).isEqualTo(new MedianAndRange(3, 1, 5, 3));
    assertThat(MedianAndRange.of(8, 1, 3, 4)).isEqualTo(new MedianAndRange(3.5, 1, 8, 4));
  }

  /** The machine was half as fast in the second round, for both sides. */
  @Test
  void ratiosArePairedBeforeTheyAreSummarized() {
    assertThat(MedianAndRange.ofRatios(new double[] {90, 45, 30}, new double[] {100, 50, 40}))
        .isEqualTo(new MedianAndRange(0.9, 0.75, 0.9, 3));
  }

  @Test
  void roundsThatCannotBePairedAreRefused() {
    assertThatThrownBy(() -> MedianAndRange.ofRatios(new double[] {1, 2}, new double[] {1}))
        .hasMessage("Cannot pair rounds: both sides must have the same number, found 2 and 1");
    assertThatThrownBy(() -> MedianAndRange.ofRatios(new double[] {1}, new double[] {0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot summarize: lowest, median and highest must be in order");
    assertThatThrownBy(MedianAndRange::of)
        .hasMessage("Cannot summarize: there is no round, found 0");
  }
}
