package org.sparkgbert.convert.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.onnx.GraphNodes;

/**
 * Writes the graph of an encoder with a head.
 *
 * <p>With float16, the matrices and their inputs are float16, while the residual stream, LayerNorm,
 * pooling and the output stay float32, and softmax is computed in float32. With int8, only the
 * matrices of the layers are int8: see {@link #writeInt8}.
 */
public final class EncoderGraph {
  /** The ONNX operator set that is written. */
  public static final int OPSET = 17;

  private static final int IR_VERSION = 8;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("sentence_encoder");
  private final Encoder encoder;
  private final EncoderNodes nodes;

  private EncoderGraph(Encoder encoder, Weights weights, ElementType type) {
    this.encoder = encoder;
    this.nodes = new EncoderNodes(graph, OPSET, weights, encoder.tensors(), type);
  }

  /**
   * Writes a graph with the inputs {@code input_ids} and {@code attention_mask} and the output
   * {@code sentence_embedding}.
   *
   * @param file the file to write; if the weights exceed 2 GB, a second file next to it holds them
   * @param weights the checkpoint's tensors
   * @param type how matrices are stored, float32 or float16
   * @return names of unknown tensors outside of the encoder, which were left out
   * @throws IllegalArgumentException if a tensor is missing, there twice, unknown inside the
   *     encoder, has another shape or values that are not finite; or if the type is int8, which
   *     requires {@link #writeInt8}
   * @throws IOException if the file cannot be written
   */
  public static List<String> write(
      Path file, Encoder encoder, Weights weights, ElementType type, Head head) throws IOException {
    if (type == ElementType.INT8) {
      throw new IllegalArgumentException(
          "Cannot write graph: int8 requires observations of its inputs");
    }
    EncoderGraph graph = new EncoderGraph(encoder, weights, type);
    return graph.write(file, graph.floatMatrices((name, input, width) -> {}), head);
  }

  /**
   * Writes the float32 graph with additional outputs for {@link Observations}. They include every
   * token, so the graph must be run without padding.
   *
   * @throws IllegalArgumentException as {@link #write}
   * @throws IOException if the file cannot be written
   */
  public static void writeObserved(Path file, Encoder encoder, Weights weights, Head head)
      throws IOException {
    EncoderGraph graph = new EncoderGraph(encoder, weights, ElementType.FLOAT32);
    graph.write(file, graph.floatMatrices(graph::observe), head);
  }

  /**
   * Writes a graph whose layers multiply in int8, for CPUs.
   *
   * @param seen observations of their inputs
   * @param plan what stays float32
   * @return names of unknown tensors outside of the encoder, which were left out
   * @throws IllegalArgumentException as {@link #write}
   * @throws IOException if the file cannot be written
   */
  public static List<String> writeInt8(
      Path file, Encoder encoder, Weights weights, Head head, Observations seen, Int8Plan plan)
      throws IOException {
    EncoderGraph graph = new EncoderGraph(encoder, weights, ElementType.FLOAT32);
    return graph.write(file, new Int8Matrices(graph.nodes, seen, plan), head);
  }

  private Matrices floatMatrices(FloatMatrices.Observer observer) {
    return new FloatMatrices(nodes, observer);
  }

  private List<String> write(Path file, Matrices matrices, Head head) throws IOException {
    build(matrices, head);
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("spark-gbert")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(GraphNodes.MICROSOFT).setVersion(1))
            .setGraph(graph)
            .build();
    OnnxFile.write(file, model, nodes.streamed());
    return nodes.weights().unknown();
  }

  private void build(Matrices matrices, Head head) {
    graph
        .addInput(GraphNodes.value(SentenceGraph.INPUT_IDS, GraphNodes.INT64, "rows", "tokens"))
        .addInput(
            GraphNodes.value(SentenceGraph.ATTENTION_MASK, GraphNodes.INT64, "rows", "tokens"))
        .addOutput(
            GraphNodes.value(
                SentenceGraph.OUTPUT,
                GraphNodes.FLOAT,
                "rows",
                head.dimension(encoder.shape().hiddenSize())));
    String vectors = encoder.addTo(nodes, matrices);
    new HeadNodes(nodes.nodes(), vectors, SentenceGraph.ATTENTION_MASK)
        .add(head, SentenceGraph.OUTPUT);
  }

  /** Makes range and sum of each channel of an input, over all tokens, outputs of the graph. */
  private void observe(String name, String input, int width) {
    output(nodes.nodes().reduceToHidden("ReduceMin", name + Observations.LEAST, input), width);
    output(nodes.nodes().reduceToHidden("ReduceMax", name + Observations.LARGEST, input), width);
    output(nodes.nodes().reduceToHidden("ReduceSum", name + Observations.SUM, input), width);
  }

  private void output(String name, int width) {
    graph.addOutput(GraphNodes.value(name, GraphNodes.FLOAT, width));
  }
}
