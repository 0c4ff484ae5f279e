package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MidRankTest {
  private static final double[] SORTED = {1, 2, 2, 10};

  @Test
  void midRanksCountLowerValuesAndHalfOfEqualOnes() {
    assertThat(MidRank.of(0, SORTED)).isEqualTo(0);
    assertThat(MidRank.of(1, SORTED)).isEqualTo(0.125);
    assertThat(MidRank.of(2, SORTED)).isEqualTo(0.5);
    assertThat(MidRank.of(3, SORTED)).isEqualTo(0.75);
    assertThat(MidRank.of(10, SORTED)).isEqualTo(0.875);
    assertThat(MidRank.of(11, SORTED)).isEqualTo(1);
    assertThat(MidRank.of(-0.0, new double[] {0, 0})).isEqualTo(0.5);
  }
}
