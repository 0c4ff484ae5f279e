package org.sparkgbert.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.nio.LongBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerProductTest {
  private static final DeviceSettings CPU = DeviceSettings.cpu(1);

  @ParameterizedTest
  @EnumSource(ProductPrecision.class)
  void aProductCostsTwoOperationsForEachOfItsMultiplications(ProductPrecision precision) {
    try (LayerProduct product = LayerProduct.open(precision, 8, 32, 48, CPU)) {
      assertThat(product.multiply(8)).isEqualTo(2 * 8 * 32 * 48);
      assertThat(product.multiply(3)).isEqualTo(2 * 3 * 32 * 48);
    }
  }

  @Test
  void rowsBeyondTheBufferAreRefused() {
    try (LayerProduct product = LayerProduct.open(ProductPrecision.FLOAT32, 8, 4, 4, CPU)) {
      assertThatThrownBy(() -> product.multiply(9))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot multiply: rows must be from 1 to 8, found 9");
    }
  }

  /** As on a GPU, where all matrices lie in its memory. */
  @ParameterizedTest
  @EnumSource(ProductPrecision.class)
  void aGraphThatHoldsItsRowsMultipliesThoseOfTheIndices(ProductPrecision precision)
      throws Exception {
    byte[] graph = new LayerProductGraph(precision, 32, 48, 3, 8).model().toByteArray();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = OnnxModel.environment().createSession(graph, options);
        OnnxTensor rows =
            OnnxTensor.createTensor(
                OnnxModel.environment(), LongBuffer.wrap(new long[] {0, 1}), new long[] {2});
        OrtSession.Result corners = session.run(Map.of(LayerProductGraph.ROWS, rows))) {
      float[][] values = (float[][]) corners.get(0).getValue();
      assertThat(values).hasDimensions(3, 1);
      assertThat(values[0][0]).isNotZero().isNotEqualTo(values[1][0]);
    }
  }
}
