package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Int8LossTest {
  @Test
  void textsAreCountedInTheBandOfTheirLength() {
    Int8Loss loss =
        Int8Loss.of(new int[] {600, 5, 32, 33, 512}, new double[] {0.991, 1, 0.998, 0.999, 0.995});
    assertThat(loss.bands())
        .extracting(Int8Loss.Band::shortest, Int8Loss.Band::longest, Int8Loss.Band::texts)
        .containsExactly(tuple(5, 32, 2), tuple(33, 33, 1), tuple(512, 512, 1), tuple(600, 600, 1));
    assertThat(loss.bands().get(0).mean()).isCloseTo(0.999, within(1e-9));
    assertThat(loss.bands().get(0).worst()).isEqualTo(0.998);
    assertThat(loss.worst()).isEqualTo(0.991);
  }

  @Test
  void aSmallLossIsListedByLength() {
    Int8Loss loss = Int8Loss.of(new int[] {7, 9, 300}, new double[] {0.9995, 0.9999, 0.9985});
    assertThat(loss.isSafe()).isTrue();
    assertThat(loss.notes("one channel in 32", "import it again"))
        .containsExactly(
            "int8 against float32 on 3 German texts: mean cosine 0.99930, worst 0.99850"
                + " (one channel in 32 in float32)",
            "int8 by length, mean and worst cosine: 7 to 9 tokens: 0.99970, 0.99950 (2 texts);"
                + " 300 tokens: 0.99850, 0.99850 (1 text)");
  }

  /** Many good sentences do not hide a bad paragraph. */
  @Test
  void aLargeLossAtOneLengthIsAWarningWithARemedy() {
    int[] lengths = new int[101];
    double[] cosines = new double[101];
    Arrays.fill(lengths, 20);
    Arrays.fill(cosines, 0.9999);
    lengths[100] = 150;
    cosines[100] = 0.909;
    Int8Loss loss = Int8Loss.of(lengths, cosines);
    assertThat(loss.isSafe()).isFalse();
    assertThat(loss.notes("one channel in 16", "import it with --precision float32"))
        .hasSize(3)
        .last()
        .isEqualTo(
            "WARNING: int8 may lose too much of this model: at every length the mean cosine should"
                + " be 0.998 and the worst 0.99, found 150 tokens: 0.90900, 0.90900 (1 text);"
                + " import it with --precision float32");
  }

  /** Few texts are held out, so the limit is stricter than 0.98, which other texts should reach. */
  @Test
  void whatIsJustAboveTheGoalIsNotSafe() {
    int[] lengths = {100, 101, 102, 103, 104, 105};
    Int8Loss loss = Int8Loss.of(lengths, new double[] {1, 1, 1, 1, 1, 0.989});
    assertThat(loss.isSafe()).isFalse();
    assertThat(loss.notes("x", "y")).hasSize(3);
  }
}
