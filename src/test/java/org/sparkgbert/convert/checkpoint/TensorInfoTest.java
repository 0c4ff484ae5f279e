package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorInfoTest {
  private static TensorInfo info(DataType type, long... shape) {
    return new TensorInfo("w", type, shape);
  }

  @Test
  void elementsAndBytesFollowFromTheShape() {
    assertThat(info(DataType.F32, 1024, 4096).elements()).isEqualTo(4_194_304);
    assertThat(info(DataType.F16, 1024, 4096).bytes()).isEqualTo(8_388_608);
    assertThat(info(DataType.F32).elements()).isEqualTo(1);
    assertThat(info(DataType.F32, 0, 3).elements()).isZero();
  }

  @Test
  void itsTextHasNameTypeAndShape() {
    assertThat(info(DataType.F32, 1024, 4096)).hasToString("'w' F32 [1024, 4096]");
    assertThat(info(DataType.F32).shapeText()).isEqualTo("[]");
  }

  @Test
  void equalOnesHaveEqualShapes() {
    assertThat(info(DataType.F32, 2, 3)).isEqualTo(info(DataType.F32, 2, 3));
    assertThat(info(DataType.F32, 2, 3)).hasSameHashCodeAs(info(DataType.F32, 2, 3));
    assertThat(info(DataType.F32, 2, 3)).isNotEqualTo(info(DataType.F32, 3, 2));
  }

  @Test
  void impossibleShapesAreRefused() {
    assertThatThrownBy(() -> info(DataType.F32, 2, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the shape of tensor 'w' must not be negative, found [2, -1]");
    assertThatThrownBy(() -> info(DataType.F32, 1L << 61, 1))
        .hasMessage(
            "the shape of tensor 'w' is too large to count, found [2305843009213693952, 1]");
    assertThatThrownBy(() -> info(DataType.F32, 1L << 62, 2, 0))
        .hasMessageStartingWith("the shape of tensor 'w' is too large to count");
    assertThatThrownBy(() -> info(DataType.F32, new long[65]))
        .hasMessage("tensor 'w' must have at most 64 axes, found 65");
  }
}
