package org.sparkgbert.convert.graph;

import static org.sparkgbert.onnx.GraphNodes.integer;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.sparkgbert.onnx.GraphNodes;

/**
 * Matrices in int8. Inputs are rounded to uint8 with a scale that is a constant of the graph, so
 * that a text's vector does not depend on what else is in its batch; the few input channels with
 * outliers are multiplied in a small float32 product, which is added.
 *
 * <p><b>Source:</b> after Dettmers et al., "LLM.int8()", 2022, with channels and scales that are
 * determined in advance.
 */
final class Int8Matrices implements Matrices {
  private final EncoderNodes encoder;
  private final GraphNodes nodes;
  private final Map<String, InputQuantization> inputs;
  private final Int8Plan plan;
  private final Matrices exact;

  private String latestName = "";
  private QuantizedMatrix latest;

  /**
   * @param seen observations of the input of each matrix
   */
  Int8Matrices(EncoderNodes encoder, Observations seen, Int8Plan plan) {
    this.encoder = encoder;
    this.nodes = encoder.nodes();
    this.inputs = seen.quantize(plan.channelsPerOutlier());
    this.plan = plan;
    this.exact = new FloatMatrices(encoder, (name, input, width) -> {});
  }

  /**
   * An input of matrices.
   *
   * @param rounded its name as uint8
   * @param outliers name of its channels that stay float32; empty if there is none
   */
  private record Input(String name, String rounded, String outliers, InputQuantization how) {}

  @Override
  public String product(Matrix matrix, String input) {
    return plan.isExact(matrix)
        ? exact.product(matrix, input)
        : multiply(matrix, round(matrix.name(), input, matrix.in()), "");
  }

  /** Empty only if nothing is rounded: it corrects for the effect of rounding on the mean input. */
  @Override
  public String bias(Matrix matrix) {
    return plan.isExact(matrix) ? exact.bias(matrix) : matrix.bias();
  }

  @Override
  public String linear(Matrix matrix, String input) {
    return plan.isExact(matrix)
        ? exact.linear(matrix, input)
        : multiply(matrix, round(matrix.name(), input, matrix.in()), matrix.bias());
  }

  @Override
  public String attention(SelfAttention attention, String hidden, String scoreBias) {
    if (plan.isExact(attention.output())) {
      return exact.attention(attention, hidden, scoreBias);
    }
    Input input = round(attention.packed(), hidden, attention.width());
    String attended =
        nodes.addFused(
            "MultiHeadAttention",
            attention.layer() + "attention",
            List.of(integer("num_heads", attention.heads())),
            GraphNodes.given(
                multiply(attention.query(), input, attention.query().bias()),
                multiply(attention.key(), input, attention.key().bias()),
                multiply(attention.value(), input, attention.value().bias()),
                "",
                encoder.mask(),
                scoreBias));
    return product(attention.output(), attended);
  }

  private Input round(String name, String value, int width) {
    InputQuantization how = inputs.get(name);
    if (how == null || how.channels() != width) {
      throw new IllegalArgumentException(
          "Cannot write int8 graph: it needs observations of the input %s of width %d, found %s"
              .formatted(name, width, how == null ? "none" : "width " + how.channels()));
    }
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
   * @param bias name of the bias to add; empty if it is added elsewhere
   */
  private String multiply(Matrix matrix, Input input, String bias) {
    String name = matrix.name();
    int in = matrix.in();
    int out = matrix.out();
    int outliers = input.how.outliers().length;
    stream(
        matrix, input.how, matrix.weight(), ElementType.INT8, QuantizedMatrix::asFloats, in, out);
    stream(matrix, input.how, name + ".scale", ElementType.FLOAT32, QuantizedMatrix::scales, out);
    stream(matrix, input.how, matrix.bias(), ElementType.FLOAT32, QuantizedMatrix::bias, out);
    String product =
        nodes.addFused(
            "MatMulIntegerToFloat",
            name,
            List.of(),
            input.rounded,
            matrix.weight(),
            input.name + ".input_scale",
            name + ".scale",
            input.name + ".input_zero_point",
            "",
            bias);
    if (outliers == 0) {
      return product;
    }
    String rows = name + ".outlier_weight";
    stream(
        matrix, input.how, rows, ElementType.FLOAT32, QuantizedMatrix::outlierRows, outliers, out);
    String added = nodes.add("MatMul", name + ".outlier_product", input.outliers, rows);
    return nodes.add("Add", name + ".sum", product, added);
  }

  private void stream(
      Matrix matrix,
      InputQuantization how,
      String tensor,
      ElementType type,
      Function<QuantizedMatrix, float[]> part,
      long... dimensions) {
    encoder.stream(
        StreamedTensor.whole(tensor, type, () -> part.apply(quantized(matrix, how)), dimensions));
  }

  /** The tensors of one matrix are written one after another, so the latest matrix is kept. */
  private QuantizedMatrix quantized(Matrix matrix, InputQuantization how) {
    if (!latestName.equals(matrix.name())) {
      EncoderWeights weights = encoder.weights();
      latest =
          QuantizedMatrix.of(
              weights.floats(matrix.weight(), matrix.out(), matrix.in()),
              matrix.biasOf(weights),
              how);
      latestName = matrix.name();
    }
    return latest;
  }
}
