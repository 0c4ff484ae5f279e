package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteCheckTest {
  private final List<Integer> passed = new ArrayList<>();
  private final FiniteCheck check =
      new FiniteCheck("encoder.weight", (values, count) -> passed.add(count));

  @Test
  void finiteValuesPass() throws IOException {
    check.accept(new float[] {1, -0f, Float.MAX_VALUE}, 3);
    check.accept(new float[] {Float.MIN_VALUE, Float.NaN}, 1);
    assertThat(passed).containsExactly(3, 1);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void theFirstOtherValueIsNamedWithTensorAndIndex(float value) throws IOException {
    check.accept(new float[3], 3);
    assertThatThrownBy(() -> check.accept(new float[] {1, value, Float.NaN}, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use tensor 'encoder.weight': its values must be finite, found %s at index 4"
                .formatted(value));
    assertThat(passed).containsExactly(3);
  }
}
