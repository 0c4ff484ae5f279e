package org.sparkgbert.convert.graph;

import static org.sparkgbert.onnx.GraphNodes.integer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
  private final Observations seen;
  private final Int8Plan plan;
  private final Matrices exact;

  /** Inputs that the matrix before lays out, by the names of their matrices. */
  private final Map<String, Layout> layouts = new HashMap<>();

  private String latestName = "";
  private QuantizedMatrix latest;

  /**
   * @param seen observations of the input of each matrix
   */
  Int8Matrices(EncoderNodes encoder, Observations seen, Int8Plan plan) {
    this.encoder = encoder;
    this.nodes = encoder.nodes();
    this.seen = seen;
    this.plan = plan;
    this.exact = new FloatMatrices(encoder, (name, input, width) -> {});
  }

  /**
   * How an input is laid out.
   *
   * @param outliers number of channels that stay float32
   */
  private record Layout(Channels channels, int outliers) {}

  /**
   * An input of matrices.
   *
   * @param channels how its channels are laid out
   * @param rounded its name as uint8
   * @param outliers name of its channels that stay float32; empty if there is none
   */
  private record Input(
      String name, Channels channels, InputQuantization how, String rounded, String outliers) {}

  @Override
  public String product(Matrix matrix, String input) {
    return plan.isExact(matrix)
        ? exact.product(matrix, input)
        : multiply(matrix, round(matrix, input));
  }

  /** A product of integers has its bias already. */
  @Override
  public String bias(Matrix matrix) {
    return plan.isExact(matrix) ? exact.bias(matrix) : "";
  }

  @Override
  public String linear(Matrix matrix, String input) {
    return plan.isExact(matrix) ? exact.linear(matrix, input) : product(matrix, input);
  }

  @Override
  public String attention(SelfAttention attention, String hidden, String scoreBias) {
    if (plan.isExact(attention.output())) {
      return exact.attention(attention, hidden, scoreBias);
    }
    Input input = round(attention.packed(), hidden, asIs(attention.width(), attention.width()));
    Matrix output = attention.output();
    String attended =
        nodes.addFused(
            "MultiHeadAttention",
            attention.layer() + "attention",
            List.of(integer("num_heads", attention.heads())),
            GraphNodes.given(
                multiply(attention.query(), input),
                multiply(attention.key(), input),
                multiply(attention.value().before(output), input),
                "",
                encoder.mask(),
                scoreBias));
    return product(output, attended);
  }

  private Input round(Matrix matrix, String value) {
    Layout layout = layouts.get(matrix.name());
    return round(matrix.name(), value, layout == null ? asIs(matrix.in(), matrix.out()) : layout);
  }

  private Layout asIs(int in, int out) {
    return new Layout(Channels.same(in), plan.outliers(in, out));
  }

  private Input round(String name, String value, Layout layout) {
    Channels channels = layout.channels;
    InputStatistics its = seen.of(name, channels.count());
    InputQuantization how = InputQuantization.of(channels.of(its), layout.outliers);
    String scale = nodes.floats(name + ".input_scale", new float[] {how.scale()});
    String zeroPoint = nodes.unsignedByte(name + ".input_zero_point", how.zeroPoint());
    String rounded = nodes.add("QuantizeLinear", name + ".input", value, scale, zeroPoint);
    return new Input(name, channels, how, rounded, outliers(name, value, how.outliers()));
  }

  /**
   * Lays out the input of the matrix after this one, so that little of it stays float32, and that
   * in one block.
   */
  private Channels channelsOfProduct(Matrix matrix) {
    if (matrix.next().isEmpty()) {
      return Channels.same(matrix.out());
    }
    Matrix next = matrix.next().get();
    InputStatistics its = seen.of(next.name(), next.in());
    int most = plan.outliers(next.in(), next.out());
    Channels channels =
        matrix.isAttention() ? Channels.evened(its) : Channels.extremesFirst(its, most);
    int outliers = matrix.isAttention() ? Math.min(most, channels.outliers()) : most;
    layouts.put(next.name(), new Layout(channels, outliers));
    return channels;
  }

  private String outliers(String name, String value, int[] channels) {
    String output = name + ".outliers";
    int count = channels.length;
    if (count == 0) {
      return "";
    }
    if (channels[count - 1] == count - 1) {
      return nodes.firstOfHidden(output, value, count);
    }
    long[] indices = IntStream.of(channels).asLongStream().toArray();
    return nodes.gatherHidden(output, value, nodes.longs(name + ".outlier_channels", indices));
  }

  private String multiply(Matrix matrix, Input input) {
    String name = matrix.name();
    int in = matrix.in();
    int out = matrix.out();
    int outliers = input.how.outliers().length;
    Channels given = channelsOfProduct(matrix);
    Supplier<QuantizedMatrix> rounded = () -> quantized(matrix, input, given);
    stream(rounded, matrix.weight(), ElementType.INT8, QuantizedMatrix::asFloats, in, out);
    stream(rounded, name + ".scale", ElementType.FLOAT32, QuantizedMatrix::scales, out);
    stream(rounded, matrix.bias(), ElementType.FLOAT32, QuantizedMatrix::bias, out);
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
            matrix.bias());
    if (outliers == 0) {
      return product;
    }
    String rows = name + ".outlier_weight";
    stream(rounded, rows, ElementType.FLOAT32, QuantizedMatrix::outlierRows, outliers, out);
    String added = nodes.add("MatMul", name + ".outlier_product", input.outliers, rows);
    return nodes.add("Add", name + ".sum", product, added);
  }

  private void stream(
      Supplier<QuantizedMatrix> rounded,
      String tensor,
      ElementType type,
      Function<QuantizedMatrix, float[]> part,
      long... dimensions) {
    encoder.stream(StreamedTensor.whole(tensor, type, () -> part.apply(rounded.get()), dimensions));
  }

  /** The tensors of one matrix are written one after another, so the latest matrix is kept. */
  private QuantizedMatrix quantized(Matrix matrix, Input input, Channels given) {
    if (!latestName.equals(matrix.name())) {
      EncoderWeights weights = encoder.weights();
      float[] weight = weights.floats(matrix.weight(), matrix.out(), matrix.in());
      latest =
          QuantizedMatrix.of(
              given.given(input.channels.taken(weight)),
              given.given(matrix.biasOf(weights)),
              input.how);
      latestName = matrix.name();
    }
    return latest;
  }
}
