package org.sparkgbert.convert.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import org.sparkgbert.onnx.GraphNodes;

/**
 * Extends the graph of an encoder, which returns token vectors, to one that returns sentence
 * embeddings: pooling becomes part of the graph, so that token vectors never leave it.
 */
public final class SentenceGraph {
  /** Name of the only output of every bundle's graph. */
  public static final String OUTPUT = "sentence_embedding";

  static final String INPUT_IDS = "input_ids";
  static final String ATTENTION_MASK = "attention_mask";

  private static final String TOKEN_TYPE_IDS = "token_type_ids";
  private static final List<String> INPUTS = List.of(INPUT_IDS, ATTENTION_MASK, TOKEN_TYPE_IDS);

  private SentenceGraph() {}

  /**
   * Adds a head. An input {@code token_type_ids} becomes a node of zeros.
   *
   * @param model a graph with the inputs {@code input_ids} and {@code attention_mask}, both {@code
   *     [rows, tokens]}
   * @param tokenVectors name of its output {@code [rows, tokens, hidden]}
   * @param hiddenSize the hidden size
   * @param head pooling and what follows
   * @return a graph whose only output is {@value #OUTPUT}, float32 {@code [rows, dimension]}
   * @throws IllegalArgumentException if the graph has no such output or has other inputs
   */
  public static ModelProto extend(
      ModelProto model, String tokenVectors, int hiddenSize, Head head) {
    requireInputsAndOutput(model.getGraph(), tokenVectors);
    ModelProto.Builder extended = model.toBuilder();
    GraphProto.Builder graph = extended.getGraphBuilder();
    GraphNodes nodes = new GraphNodes(graph, opset(model));
    feedZeroTokenTypes(graph, nodes);
    new HeadNodes(nodes, tokenVectors, ATTENTION_MASK).add(head, OUTPUT);
    graph
        .clearOutput()
        .addOutput(GraphNodes.value(OUTPUT, GraphNodes.FLOAT, "rows", head.dimension(hiddenSize)));
    return extended.build();
  }

  /** Version of the standard ONNX operator set that a model uses. */
  public static long opset(ModelProto model) {
    return model.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToLong(set -> set.getVersion())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot read graph: it names no ONNX" + " operator set"));
  }

  private static void requireInputsAndOutput(GraphProto graph, String tokenVectors) {
    List<String> weights = graph.getInitializerList().stream().map(TensorProto::getName).toList();
    List<String> inputs =
        graph.getInputList().stream()
            .map(ValueInfoProto::getName)
            .filter(name -> !weights.contains(name))
            .toList();
    List<String> outputs = graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
    if (!inputs.containsAll(List.of(INPUT_IDS, ATTENTION_MASK))) {
      throw new IllegalArgumentException(
          "Cannot extend graph: it needs inputs input_ids and attention_mask, found " + inputs);
    }
    if (!INPUTS.containsAll(inputs)) {
      throw new IllegalArgumentException(
          "Cannot extend graph: its inputs may only be %s, found %s".formatted(INPUTS, inputs));
    }
    if (!outputs.contains(tokenVectors)) {
      throw new IllegalArgumentException(
          "Cannot extend graph: it needs an output %s, found %s".formatted(tokenVectors, outputs));
    }
  }

  private static void feedZeroTokenTypes(GraphProto.Builder graph, GraphNodes nodes) {
    for (int i = 0; i < graph.getInputCount(); i++) {
      if (graph.getInput(i).getName().equals(TOKEN_TYPE_IDS)) {
        graph.removeInput(i);
        nodes.addFirst("Sub", TOKEN_TYPE_IDS, INPUT_IDS, INPUT_IDS);
        return;
      }
    }
  }
}
