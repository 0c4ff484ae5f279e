package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class QuantilesTest {
  private static final double[] SORTED = {1, 2, 2, 10};

  @Test
  void quantilesLieBetweenTheirNeighbours() {
    assertThat(Quantiles.at(SORTED, 0)).isEqualTo(1);
    assertThat(Quantiles.at(SORTED, 0.25)).isEqualTo(1.75);
    assertThat(Quantiles.at(SORTED, 0.5)).isEqualTo(2);
    assertThat(Quantiles.at(SORTED, 0.9)).isCloseTo(7.6, within(1e-14));
    assertThat(Quantiles.at(SORTED, 1)).isEqualTo(10);
    assertThat(Quantiles.at(new double[] {3}, 0.975)).isEqualTo(3);
  }

  @Test
  void midRanksCountLowerValuesAndHalfOfEqualOnes() {
    assertThat(Quantiles.midRank(SORTED, 0)).isEqualTo(0);
    assertThat(Quantiles.midRank(SORTED, 1)).isEqualTo(0.125);
    assertThat(Quantiles.midRank(SORTED, 2)).isEqualTo(0.5);
    assertThat(Quantiles.midRank(SORTED, 3)).isEqualTo(0.75);
    assertThat(Quantiles.midRank(SORTED, 10)).isEqualTo(0.875);
    assertThat(Quantiles.midRank(SORTED, 11)).isEqualTo(1);
    assertThat(Quantiles.midRank(new double[] {0, 0}, -0.0)).isEqualTo(0.5);
  }
}
