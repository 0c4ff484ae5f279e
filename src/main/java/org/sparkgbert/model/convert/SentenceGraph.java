package org.sparkgbert.model.convert;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Extends an encoder's graph that returns token vectors to one that returns sentence embeddings.
 *
 * <p>Pooling becomes nodes of the graph, so that token vectors never leave it. With H {@code [rows,
 * tokens, hidden]} and the attention mask M {@code [rows, tokens]}, the masked mean is {@code sum(H
 * * M) / sum(M)}, special tokens included, as sentence-transformers computes it. The sum is a
 * matrix product {@code [rows, 1, tokens] x [rows, tokens, hidden]}, which allocates nothing of H's
 * size.
 */
public final class SentenceGraph {
  /** Name of the one output of every bundle's graph. */
  public static final String OUTPUT = "sentence_embedding";

  private static final String INPUT_IDS = "input_ids";
  private static final String ATTENTION_MASK = "attention_mask";
  private static final String TOKEN_TYPE_IDS = "token_type_ids";
  private static final List<String> INPUTS = List.of(INPUT_IDS, ATTENTION_MASK, TOKEN_TYPE_IDS);
  private static final String PREFIX = "spark_gbert/";
  private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;

  /** From this operator set on, ReduceSum and Squeeze take their axes as an input. */
  private static final int AXES_ARE_INPUTS = 13;

  private final GraphProto.Builder graph;
  private final boolean axesAreInputs;

  private SentenceGraph(GraphProto.Builder graph, long opset) {
    this.graph = graph;
    this.axesAreInputs = opset >= AXES_ARE_INPUTS;
  }

  /**
   * Adds masked mean pooling and, if asked for, division by the L2 norm. An input {@code
   * token_type_ids} becomes a node of zeros.
   *
   * @param model a graph with the inputs {@code input_ids} and {@code attention_mask}, both {@code
   *     [rows, tokens]}
   * @param tokenVectors name of its output {@code [rows, tokens, hidden]}
   * @param hiddenSize the hidden size
   * @param normalize whether embeddings get unit length
   * @return a graph whose only output is {@value #OUTPUT}, float32 {@code [rows, hidden]}
   * @throws IllegalArgumentException if the graph has no such output or wants other inputs
   */
  public static ModelProto meanPooled(
      ModelProto model, String tokenVectors, int hiddenSize, boolean normalize) {
    requireInputsAndOutput(model.getGraph(), tokenVectors);
    ModelProto.Builder extended = model.toBuilder();
    SentenceGraph graph = new SentenceGraph(extended.getGraphBuilder(), opset(model));
    graph.feedZeroTokenTypes();
    String mean = graph.addMaskedMean(tokenVectors);
    String embedding = normalize ? graph.addL2Norm(mean) : mean;
    graph.addNode("Identity", OUTPUT, embedding);
    graph.replaceOutputs(hiddenSize);
    return extended.build();
  }

  /** Version of the standard ONNX operator set that a model asks for. */
  static long opset(ModelProto model) {
    return model.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToLong(set -> set.getVersion())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Cannot read graph: no ONNX operator set"));
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
          "Cannot extend graph: it may want inputs %s, found %s".formatted(INPUTS, inputs));
    }
    if (!outputs.contains(tokenVectors)) {
      throw new IllegalArgumentException(
          "Cannot extend graph: it needs an output %s, found %s".formatted(tokenVectors, outputs));
    }
  }

  private void feedZeroTokenTypes() {
    for (int i = 0; i < graph.getInputCount(); i++) {
      if (graph.getInput(i).getName().equals(TOKEN_TYPE_IDS)) {
        graph.removeInput(i);
        graph.addNode(0, node("Sub", TOKEN_TYPE_IDS, INPUT_IDS, INPUT_IDS));
        return;
      }
    }
  }

  private String addMaskedMean(String tokenVectors) {
    String mask = PREFIX + "mask";
    graph.addNode(
        node("Cast", mask, ATTENTION_MASK).toBuilder()
            .addAttribute(attribute("to").setType(AttributeProto.AttributeType.INT).setI(FLOAT)));
    graph.addInitializer(longs(PREFIX + "as_matrix", 0, 1, -1));
    addNode("Reshape", PREFIX + "mask_matrix", mask, PREFIX + "as_matrix");
    addNode("MatMul", PREFIX + "sum_matrix", PREFIX + "mask_matrix", tokenVectors);
    addNodeOverAxis("Squeeze", PREFIX + "sum", PREFIX + "sum_matrix", false);
    addNodeOverAxis("ReduceSum", PREFIX + "count", mask, true);
    return addNode("Div", PREFIX + "mean", PREFIX + "sum", PREFIX + "count");
  }

  private String addL2Norm(String vector) {
    addNode("Mul", PREFIX + "square", vector, vector);
    addNodeOverAxis("ReduceSum", PREFIX + "square_sum", PREFIX + "square", true);
    addNode("Sqrt", PREFIX + "norm", PREFIX + "square_sum");
    graph.addInitializer(
        TensorProto.newBuilder().setName(PREFIX + "tiny").setDataType(FLOAT).addFloatData(1e-12f));
    addNode("Max", PREFIX + "safe_norm", PREFIX + "norm", PREFIX + "tiny");
    return addNode("Div", PREFIX + "unit", vector, PREFIX + "safe_norm");
  }

  private String addNode(String operator, String output, String... inputs) {
    graph.addNode(node(operator, output, inputs));
    return output;
  }

  /** Adds a node over axis 1; a reduction keeps that axis, with length 1. */
  private void addNodeOverAxis(String operator, String output, String input, boolean keep) {
    NodeProto.Builder node = node(operator, output, input).toBuilder();
    if (axesAreInputs) {
      graph.addInitializer(longs(output + "_axis", 1));
      node.addInput(output + "_axis");
    } else {
      node.addAttribute(attribute("axes").setType(AttributeProto.AttributeType.INTS).addInts(1));
    }
    if (keep) {
      node.addAttribute(attribute("keepdims").setType(AttributeProto.AttributeType.INT).setI(1));
    }
    graph.addNode(node);
  }

  private void replaceOutputs(int hiddenSize) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("rows");
    shape.addDimBuilder().setDimValue(hiddenSize);
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(shape).build();
    graph
        .clearOutput()
        .addOutput(
            ValueInfoProto.newBuilder()
                .setName(OUTPUT)
                .setType(TypeProto.newBuilder().setTensorType(tensor)));
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(output)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static AttributeProto.Builder attribute(String name) {
    return AttributeProto.newBuilder().setName(name);
  }

  private static TensorProto longs(String name, long... values) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.INT64_VALUE)
        .addDims(values.length)
        .addAllInt64Data(LongStream.of(values).boxed().toList())
        .build();
  }
}
