package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FlopPerTokenTest {
  /** h = 2, inner = 3: 12 weights of query, key and value, 4 of their output, 6 and 6. */
  @Test
  void aLinearLayerCostsTwoOperationsAWeight() {
    FlopPerToken flop = FlopPerToken.of(new ModelShape(5, 2, 3), new int[] {7});
    assertThat(flop.linear()).isEqualTo(5 * 2 * (12 + 4 + 6 + 6));
  }

  /** A text of n tokens: n x h by h x n, and n x n by n x h. */
  @Test
  void attentionGrowsWithTheSquareOfATextAndIsSharedByItsTokens() {
    ModelShape shape = ModelShape.of(3, 8);
    double two = 3 * (2 * (2 * 8 * 2) + 2 * (2 * 8 * 2));
    double six = 3 * (2 * (6 * 8 * 6) + 2 * (6 * 8 * 6));
    assertThat(FlopPerToken.of(shape, new int[] {2, 6}).attention())
        .isEqualTo((two + six) / (2 + 6), within(1e-9));
  }

  @Test
  void gbertLargeHasThreeHundredMillionWeightsInLinearLayers() {
    FlopPerToken flop = FlopPerToken.of(ModelShape.of(24, 1024), new int[] {1});
    assertThat(flop.linear()).isEqualTo(2 * 301_989_888.0);
    assertThat(flop.sum()).isEqualTo(flop.linear() + flop.attention());
  }
}
