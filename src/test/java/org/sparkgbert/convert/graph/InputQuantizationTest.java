package org.sparkgbert.convert.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InputQuantizationTest {
  @Test
  void theMostExtremeChannelsStayOutAndTheOthersFitTheRange() {
    InputStatistics seen = new InputStatistics(4);
    seen.add(floats(-1, -50, -0.5f, 0), floats(2, 1, 0.5f, 9), floats(2, -100, 0, 10), 2);
    seen.add(floats(-3, -60, -0.5f, 0), floats(2, 1, 0.5f, 9), floats(1, -110, 0, 11), 1);
    InputQuantization input = InputQuantization.of(seen, 2);
    assertThat(input.outliers()).containsExactly(1, 3);
    assertThat(input.scale()).isCloseTo(5f / 255, within(1e-7f));
    assertThat(input.zeroPoint()).isEqualTo(153);
    assertThat(input.means()).containsExactly(1, -70, 0, 7);
  }

  @Test
  void aRangeHoldsZero() {
    InputStatistics seen = new InputStatistics(1);
    seen.add(floats(3), floats(4), floats(7), 2);
    InputQuantization input = InputQuantization.of(seen, 0);
    assertThat(input.scale()).isCloseTo(4f / 255, within(1e-7f));
    assertThat(input.zeroPoint()).isZero();
  }

  @Test
  void anInputOfZerosHasAScale() {
    InputStatistics seen = new InputStatistics(2);
    seen.add(floats(0, 0), floats(0, 0), floats(0, 0), 5);
    InputQuantization input = InputQuantization.of(seen, 0);
    assertThat(input.scale()).isPositive();
    assertThat(input.zeroPoint()).isZero();
  }

  @Test
  void observationsAreToldApartByTheirNames() {
    Observations seen = new Observations();
    seen.add(
        Map.of(
            "a.least",
            floats(0, -1),
            "a.largest",
            floats(3, 1),
            "a.sum",
            floats(3, 0),
            "b.least",
            floats(-2),
            "b.largest",
            floats(2),
            "b.sum",
            floats(0),
            "sentence_embedding",
            floats(1, 2, 3)),
        3);
    assertThat(seen.of("a", 2).means()).containsExactly(1, 0);
    assertThat(seen.of("b", 1).extreme(0)).isEqualTo(2);
    assertThatThrownBy(() -> seen.of("b", 2))
        .hasMessage(
            "Cannot write int8 graph: it needs observations of the input b of width 2, found width 1");
    assertThatThrownBy(() -> seen.of("sentence_embedding", 3)).hasMessageEndingWith("found none");
  }

  private static float[] floats(float... values) {
    return values;
  }
}
