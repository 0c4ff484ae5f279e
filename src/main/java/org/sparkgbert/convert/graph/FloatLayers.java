package org.sparkgbert.convert.graph;

import static org.sparkgbert.onnx.GraphNodes.integer;

import java.util.List;
import java.util.function.Supplier;
import org.sparkgbert.onnx.GraphNodes;

/**
 * Layers whose matrices are float32 or float16, with query, key and value in one fused operator.
 * What is multiplied by a float16 matrix is float16 too.
 */
final class FloatLayers implements EncoderLayers {
  /** Looks at what goes into a matrix. */
  @FunctionalInterface
  interface Observer {
    void see(String name, String input, int width);
  }

  private final EncoderShape shape;
  private final EncoderWeights weights;
  private final ElementType type;
  private final GraphNodes nodes;
  private final List<StreamedTensor> streamed;
  private final Observer observer;

  FloatLayers(
      EncoderShape shape,
      EncoderWeights weights,
      ElementType type,
      GraphNodes nodes,
      List<StreamedTensor> streamed,
      Observer observer) {
    this.shape = shape;
    this.weights = weights;
    this.type = type;
    this.nodes = nodes;
    this.streamed = streamed;
    this.observer = observer;
  }

  @Override
  public String attention(String layer, String hidden, String mask) {
    String packed = layer + QUERY_KEY_VALUE;
    int width = shape.hiddenSize();
    whole(packed + ".weight", () -> packedWeights(layer), width, 3L * width);
    whole(packed + ".bias", () -> packedBiases(layer), 3L * width);
    observer.see(packed, hidden, width);
    String attended =
        nodes.addFused(
            "Attention",
            layer + "attention",
            List.of(integer("num_heads", shape.heads())),
            narrow(layer + "input", hidden),
            packed + ".weight",
            packed + ".bias",
            mask);
    return multiply(layer + ATTENTION_OUTPUT, attended, width, width);
  }

  @Override
  public String product(String name, String input, int in, int out) {
    return multiply(name, narrow(name + ".input", input), in, out);
  }

  @Override
  public String bias(String name, int out) {
    return nodes.floats(name + ".bias", weights.floats(name + ".bias", out), out);
  }

  /** x W, with W {@code [out, in]} in the checkpoint and {@code [in, out]} in the graph. */
  private String multiply(String name, String input, int in, int out) {
    observer.see(name, input, in);
    String weight = name + ".weight";
    StreamedTensor.Values values =
        target -> {
          float[] matrix = weights.floats(weight, out, in);
          float[] row = new float[out];
          for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
              row[o] = matrix[o * in + i];
            }
            target.accept(row, out);
          }
        };
    streamed.add(new StreamedTensor(weight, type, new long[] {in, out}, values));
    return widen(name, nodes.add("MatMul", name, input, weight));
  }

  private float[] packedWeights(String layer) {
    int width = shape.hiddenSize();
    float[] packed = new float[Math.multiplyExact(3 * width, width)];
    int column = 0;
    for (String part : List.of("query", "key", "value")) {
      float[] weight = weights.floats(layer + "attention.self." + part + ".weight", width, width);
      for (int out = 0; out < width; out++, column++) {
        for (int in = 0; in < width; in++) {
          packed[in * 3 * width + column] = weight[out * width + in];
        }
      }
    }
    return packed;
  }

  private float[] packedBiases(String layer) {
    int width = shape.hiddenSize();
    float[] packed = new float[3 * width];
    int at = 0;
    for (String part : List.of("query", "key", "value")) {
      float[] bias = weights.floats(layer + "attention.self." + part + ".bias", width);
      System.arraycopy(bias, 0, packed, at, width);
      at += width;
    }
    return packed;
  }

  private String narrow(String name, String value) {
    return type == ElementType.FLOAT32
        ? value
        : nodes.cast(name + ".narrow", value, type.onnxType());
  }

  private String widen(String name, String value) {
    return type == ElementType.FLOAT32
        ? value
        : nodes.cast(name + ".wide", value, GraphNodes.FLOAT);
  }

  /** A tensor that is computed when it is written, one at a time. */
  private void whole(String name, Supplier<float[]> values, long... dimensions) {
    streamed.add(StreamedTensor.whole(name, type, values, dimensions));
  }
}
