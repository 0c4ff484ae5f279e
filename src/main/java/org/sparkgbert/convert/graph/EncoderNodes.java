package org.sparkgbert.convert.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.onnx.GraphNodes;

/**
 * The building blocks of an encoder's part of a graph: nodes, and tensors of the checkpoint. With
 * float16, tables, matrices and inputs of matrices are float16 (<i>narrow</i>); everything else is
 * float32.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class EncoderNodes {
  private final GraphNodes nodes;
  private final EncoderWeights weights;

  /** How everything but the matrices of layers is stored. */
  private final ElementType type;

  private final List<StreamedTensor> streamed = new ArrayList<>();
  private final String mask;

  EncoderNodes(
      GraphProto.Builder graph, long opset, Weights weights, TensorNames names, ElementType type) {
    this.nodes = new GraphNodes(graph, opset);
    this.weights = new EncoderWeights(weights, names);
    this.type = type;
    this.mask = nodes.cast("mask", SentenceGraph.ATTENTION_MASK, GraphNodes.INT32);
  }

  public GraphNodes nodes() {
    return nodes;
  }

  EncoderWeights weights() {
    return weights;
  }

  ElementType type() {
    return type;
  }

  List<StreamedTensor> streamed() {
    return streamed;
  }

  /** Name of the token ids, int64 {@code [rows, tokens]}. */
  public String tokenIds() {
    return SentenceGraph.INPUT_IDS;
  }

  /** Name of the attention mask, int32 {@code [rows, tokens]}. */
  public String mask() {
    return mask;
  }

  /** Whether tables and matrices are narrower than float32. */
  public boolean isNarrow() {
    return type != ElementType.FLOAT32;
  }

  /** The values of a tensor of the checkpoint. */
  public float[] floats(String name, long... shape) {
    return weights.floats(name, shape);
  }

  /** A table of the checkpoint, as it is stored there. */
  public String table(String name, int rows, int width) {
    stream(
        new StreamedTensor(
            name, type, new long[] {rows, width}, weights.stream(name, rows, width)));
    return name;
  }

  /** A float32 vector of the checkpoint. */
  public String vector(String name, int length) {
    return nodes.floats(name, weights.floats(name, length), length);
  }

  /** A float32 tensor that is computed as a whole when it is written. */
  public String computed(String name, Supplier<float[]> values, long... shape) {
    stream(StreamedTensor.whole(name, ElementType.FLOAT32, values, shape));
    return name;
  }

  void stream(StreamedTensor tensor) {
    streamed.add(tensor);
  }

  /** The product with a matrix outside the layers, plus its bias. */
  public String linear(Matrix matrix, String input) {
    return addBias(matrix, multiply(matrix, narrow(matrix.name() + ".input", input)));
  }

  /** A product with the bias that its matrix has in the checkpoint, if any. */
  String addBias(Matrix matrix, String product) {
    return matrix.hasBias()
        ? nodes.add("Add", matrix.name() + ".biased", product, vector(matrix.bias(), matrix.out()))
        : product;
  }

  /**
   * x W, with W {@code [out, in]} in the checkpoint and {@code [in, out]} in the graph.
   *
   * @param input narrow
   * @return float32
   */
  String multiply(Matrix matrix, String input) {
    int in = matrix.in();
    int out = matrix.out();
    StreamedTensor.Values values =
        target -> {
          float[] stored = weights.floats(matrix.weight(), out, in);
          float[] row = new float[out];
          for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
              row[o] = stored[o * in + i];
            }
            target.accept(row, out);
          }
        };
    stream(new StreamedTensor(matrix.weight(), type, new long[] {in, out}, values));
    return widen(matrix.name(), nodes.add("MatMul", matrix.name(), input, matrix.weight()));
  }

  /** A float32 value as an input of narrow matrices. */
  public String narrow(String name, String value) {
    return isNarrow() ? nodes.cast(name + ".narrow", value, type.onnxType()) : value;
  }

  /** A narrow value as float32. */
  public String widen(String name, String value) {
    return isNarrow() ? nodes.cast(name + ".wide", value, GraphNodes.FLOAT) : value;
  }
}
