package org.sparkgbert.convert.graph;

import static org.sparkgbert.onnx.GraphNodes.integer;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.sparkgbert.onnx.GraphNodes;

/**
 * Layers whose matrices are int8. Inputs are rounded to uint8 with a scale that is a constant of
 * the graph, so that a text's vector does not depend on what else is in its batch; the few input
 * channels with outliers go through a small float32 product that is added.
 *
 * <p><b>Source:</b> after Dettmers et al., "LLM.int8()", 2022, with channels and scales that are
 * found beforehand.
 */
final class Int8Layers implements EncoderLayers {
  private final EncoderShape shape;
  private final EncoderWeights weights;
  private final GraphNodes nodes;
  private final List<StreamedTensor> streamed;
  private final Map<String, InputQuantization> inputs;

  private String latestName = "";
  private QuantizedMatrix latest;

  /**
   * @param inputs how the input of each matrix is rounded, by the matrix's name
   */
  Int8Layers(
      EncoderShape shape,
      EncoderWeights weights,
      GraphNodes nodes,
      List<StreamedTensor> streamed,
      Map<String, InputQuantization> inputs) {
    this.shape = shape;
    this.weights = weights;
    this.nodes = nodes;
    this.streamed = streamed;
    this.inputs = inputs;
  }

  /**
   * An input of matrices.
   *
   * @param rounded its name as uint8
   * @param outliers name of its channels that stay float32; empty if there is none
   */
  private record Input(String name, String rounded, String outliers, InputQuantization how) {}

  @Override
  public String attention(String layer, String hidden, String mask) {
    int width = shape.hiddenSize();
    Input input = round(layer + QUERY_KEY_VALUE, hidden);
    String self = layer + "attention.self.";
    String attended =
        nodes.addFused(
            "MultiHeadAttention",
            layer + "attention",
            List.of(integer("num_heads", shape.heads())),
            multiply(self + "query", input, self + "query.bias", width, width),
            multiply(self + "key", input, self + "key.bias", width, width),
            multiply(self + "value", input, self + "value.bias", width, width),
            "",
            mask);
    return product(layer + ATTENTION_OUTPUT, attended, width, width);
  }

  @Override
  public String product(String name, String input, int in, int out) {
    return multiply(name, round(name, input), "", in, out);
  }

  @Override
  public String bias(String name, int out) {
    return name + ".bias";
  }

  private Input round(String name, String value) {
    InputQuantization how = inputs.get(name);
    String scale = nodes.floats(name + ".input_scale", new float[] {how.scale()});
    String zeroPoint = nodes.unsignedByte(name + ".input_zero_point", how.zeroPoint());
    String rounded = nodes.add("QuantizeLinear", name + ".input", value, scale, zeroPoint);
    if (how.outliers().length == 0) {
      return new Input(name, rounded, "", how);
    }
    long[] channels = new long[how.outliers().length];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = how.outliers()[i];
    }
    String indices = nodes.longs(name + ".outlier_channels", channels);
    return new Input(name, rounded, nodes.gatherHidden(name + ".outliers", value, indices), how);
  }

  /**
   * @param bias name of the bias to add; empty if that is done elsewhere
   */
  private String multiply(String name, Input input, String bias, int in, int out) {
    String matrix = name + ".weight";
    int outliers = input.how.outliers().length;
    stream(name, input.how, matrix, ElementType.INT8, QuantizedMatrix::asFloats, in, out);
    stream(name, input.how, name + ".scale", ElementType.FLOAT32, QuantizedMatrix::scales, out);
    stream(name, input.how, name + ".bias", ElementType.FLOAT32, QuantizedMatrix::bias, out);
    String product =
        nodes.addFused(
            "MatMulIntegerToFloat",
            name,
            List.of(),
            input.rounded,
            matrix,
            input.name + ".input_scale",
            name + ".scale",
            input.name + ".input_zero_point",
            "",
            bias);
    if (outliers == 0) {
      return product;
    }
    String rows = name + ".outlier_weight";
    stream(name, input.how, rows, ElementType.FLOAT32, QuantizedMatrix::outlierRows, outliers, out);
    String added = nodes.add("MatMul", name + ".outlier_product", input.outliers, rows);
    return nodes.add("Add", name + ".sum", product, added);
  }

  private void stream(
      String name,
      InputQuantization how,
      String tensor,
      ElementType type,
      Function<QuantizedMatrix, float[]> part,
      long... dimensions) {
    int in = how.channels();
    streamed.add(
        StreamedTensor.whole(tensor, type, () -> part.apply(matrix(name, how, in)), dimensions));
  }

  /** The tensors of one matrix are written one after another, so the latest is kept. */
  private QuantizedMatrix matrix(String name, InputQuantization how, int in) {
    if (!latestName.equals(name)) {
      int out = name.endsWith(INTERMEDIATE) ? shape.intermediateSize() : shape.hiddenSize();
      latest =
          QuantizedMatrix.of(
              weights.floats(name + ".weight", out, in), weights.floats(name + ".bias", out), how);
      latestName = name;
    }
    return latest;
  }
}
