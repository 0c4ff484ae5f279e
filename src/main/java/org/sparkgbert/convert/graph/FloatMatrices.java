package org.sparkgbert.convert.graph;

import static org.sparkgbert.onnx.GraphNodes.integer;

import java.util.List;
import java.util.function.Supplier;
import org.sparkgbert.onnx.GraphNodes;

/**
 * Matrices in float32 or float16, with query, key and value in one fused operator. The input of a
 * float16 matrix is also float16, and softmax is computed in float32.
 */
final class FloatMatrices implements Matrices {
  /** Observes the input of a matrix. */
  @FunctionalInterface
  interface Observer {
    void see(String name, String input, int width);
  }

  private final EncoderNodes nodes;
  private final Observer observer;

  FloatMatrices(EncoderNodes nodes, Observer observer) {
    this.nodes = nodes;
    this.observer = observer;
  }

  @Override
  public String product(Matrix matrix, String input) {
    return multiply(matrix, nodes.narrow(matrix.name() + ".input", input));
  }

  @Override
  public String bias(Matrix matrix) {
    return matrix.hasBias() ? nodes.vector(matrix.bias(), matrix.out()) : "";
  }

  @Override
  public String linear(Matrix matrix, String input) {
    return nodes.addBias(matrix, product(matrix, input));
  }

  @Override
  public String attention(SelfAttention attention, String hidden, String scoreBias) {
    String packed = attention.packed();
    int width = attention.width();
    whole(packed + ".weight", () -> packedWeights(attention), width, 3L * width);
    whole(packed + ".bias", () -> packedBiases(attention), 3L * width);
    observer.see(packed, hidden, width);
    String attended =
        nodes
            .nodes()
            .addFused(
                "Attention",
                attention.layer() + "attention",
                List.of(integer("num_heads", attention.heads())),
                GraphNodes.given(
                    nodes.narrow(attention.layer() + "input", hidden),
                    packed + ".weight",
                    packed + ".bias",
                    nodes.mask(),
                    "",
                    scoreBias));
    return multiply(attention.output(), attended);
  }

  private String multiply(Matrix matrix, String input) {
    observer.see(matrix.name(), input, matrix.in());
    return nodes.multiply(matrix, input);
  }

  private float[] packedWeights(SelfAttention attention) {
    int width = attention.width();
    float[] packed = new float[Math.multiplyExact(3 * width, width)];
    int column = 0;
    for (Matrix part : attention.queryKeyValue()) {
      float[] weight = nodes.floats(part.weight(), width, width);
      for (int out = 0; out < width; out++, column++) {
        for (int in = 0; in < width; in++) {
          packed[in * 3 * width + column] = weight[out * width + in];
        }
      }
    }
    return packed;
  }

  private float[] packedBiases(SelfAttention attention) {
    int width = attention.width();
    float[] packed = new float[3 * width];
    int at = 0;
    for (Matrix part : attention.queryKeyValue()) {
      System.arraycopy(part.biasOf(nodes.weights()), 0, packed, at, width);
      at += width;
    }
    return packed;
  }

  /** Tensors that are computed when they are written, one at a time. */
  private void whole(String name, Supplier<float[]> values, long... shape) {
    nodes.stream(StreamedTensor.whole(name, nodes.type(), values, shape));
  }
}
