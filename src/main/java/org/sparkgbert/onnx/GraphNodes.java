package org.sparkgbert.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Adds nodes to a graph. Every node has one output, whose name is the node's name too.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class GraphNodes {
  public static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
  public static final int FLOAT16 = TensorProto.DataType.FLOAT16_VALUE;
  public static final int INT8 = TensorProto.DataType.INT8_VALUE;
  public static final int UINT8 = TensorProto.DataType.UINT8_VALUE;
  public static final int INT32 = TensorProto.DataType.INT32_VALUE;
  public static final int INT64 = TensorProto.DataType.INT64_VALUE;

  /** Domain of ONNX Runtime's fused operators. */
  public static final String MICROSOFT = "com.microsoft";

  /** From this operator set on, ReduceSum and Squeeze take their axes as an input. */
  private static final int AXES_ARE_INPUTS = 13;

  /** From this operator set on, ReduceMax does too. */
  private static final int MAX_AXES_ARE_INPUTS = 18;

  private static final int IR_VERSION = 8;

  private final GraphProto.Builder graph;
  private final long opset;

  public GraphNodes(GraphProto.Builder graph, long opset) {
    this.graph = graph;
    this.opset = opset;
  }

  /** A model of an empty graph, which may have standard and fused operators. */
  public static ModelProto.Builder model(String name, long opset) {
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(IR_VERSION);
    model.addOpsetImportBuilder().setVersion(opset);
    model.addOpsetImportBuilder().setDomain(MICROSOFT).setVersion(1);
    model.getGraphBuilder().setName(name);
    return model;
  }

  /** A standard operator. */
  public String add(String operator, String output, String... inputs) {
    return add(node("", operator, output, inputs));
  }

  /** A standard operator with attributes. */
  public String add(
      String operator, String output, List<AttributeProto> attributes, String... inputs) {
    return add(node("", operator, output, inputs).addAllAttribute(attributes));
  }

  /** A fused operator of ONNX Runtime. */
  public String addFused(
      String operator, String output, List<AttributeProto> attributes, String... inputs) {
    return add(node(MICROSOFT, operator, output, inputs).addAllAttribute(attributes));
  }

  /** A fused operator that has a second output, which is not used. */
  public String addFusedOfTwo(
      String operator, String output, List<AttributeProto> attributes, String... inputs) {
    return add(
        node(MICROSOFT, operator, output, inputs)
            .addOutput(output + "_unused")
            .addAllAttribute(attributes));
  }

  /** A fused operator with several outputs; those whose name is empty are not computed. */
  public void addFused(
      String operator, List<String> outputs, List<AttributeProto> attributes, String... inputs) {
    NodeProto.Builder node = node(MICROSOFT, operator, outputs.get(0), inputs);
    add(node.clearOutput().addAllOutput(outputs).addAllAttribute(attributes));
  }

  /**
   * Inputs without trailing empty ones, which are optional inputs that are not given. ONNX Runtime
   * crashes on a LayerNormalization that ends with one.
   */
  public static String[] given(String... inputs) {
    int count = inputs.length;
    while (count > 0 && inputs[count - 1].isEmpty()) {
      count--;
    }
    return Arrays.copyOf(inputs, count);
  }

  /** Parts of equal width along axis 2, one per output. */
  public List<String> splitHidden(String input, String... outputs) {
    NodeProto.Builder node = node("", "Split", outputs[0], input).addAttribute(integer("axis", 2));
    add(node.clearOutput().addAllOutput(List.of(outputs)));
    return List.of(outputs);
  }

  public String cast(String output, String input, int type) {
    return add(node("", "Cast", output, input).addAttribute(integer("to", type)));
  }

  /** A reduction over axis 1 that keeps it, with length 1. */
  public String reduceOverTokens(String operator, String output, String input) {
    return add(overAxisOne(operator, output, input).addAttribute(integer("keepdims", 1)));
  }

  /** Removes axis 1, of length 1. */
  public String squeezeTokens(String output, String input) {
    return add(overAxisOne("Squeeze", output, input));
  }

  /** Picks tokens by their index, along axis 1. */
  public String gatherTokens(String output, String input, String indices) {
    return add(node("", "Gather", output, input, indices).addAttribute(integer("axis", 1)));
  }

  /** Picks channels by their index, along axis 2. */
  public String gatherHidden(String output, String input, String indices) {
    return add(node("", "Gather", output, input, indices).addAttribute(integer("axis", 2)));
  }

  /** The first channels, along axis 2. */
  public String firstOfHidden(String output, String input, int count) {
    return add(
        node("", "Slice", output, input)
            .addInput(longs(output + "_start", 0))
            .addInput(longs(output + "_end", count))
            .addInput(longs(output + "_axis", 2)));
  }

  /**
   * A reduction over rows and tokens: a vector of the hidden size. ReduceSum takes its axes as a
   * separate input.
   */
  public String reduceToHidden(String operator, String output, String input) {
    NodeProto.Builder node = node("", operator, output, input).addAttribute(integer("keepdims", 0));
    return add(
        operator.equals("ReduceSum")
            ? node.addInput(longs(output + "_axes", 0, 1))
            : node.addAttribute(
                AttributeProto.newBuilder()
                    .setName("axes")
                    .setType(AttributeType.INTS)
                    .addInts(0)
                    .addInts(1)));
  }

  /** The length of axis 1, as a vector with one element. */
  public String lengthOfAxisOne(String output, String input) {
    return add(
        node("", "Shape", output, input)
            .addAttribute(integer("start", 1))
            .addAttribute(integer("end", 2)));
  }

  /** LayerNorm over the last axis; the bias may be empty. */
  public String layerNormalization(
      String output, String input, String weight, String bias, double epsilon) {
    return add(
        node("", "LayerNormalization", output, given(input, weight, bias))
            .addAttribute(integer("axis", -1))
            .addAttribute(real("epsilon", epsilon)));
  }

  public String concatOverHidden(String output, List<String> inputs) {
    return add(
        node("", "Concat", output, inputs.toArray(String[]::new)).addAttribute(integer("axis", 1)));
  }

  /** Adds a node before all others. */
  public void addFirst(String operator, String output, String... inputs) {
    graph.addNode(0, node("", operator, output, inputs));
  }

  private NodeProto.Builder overAxisOne(String operator, String output, String input) {
    NodeProto.Builder node = node("", operator, output, input);
    int since = operator.equals("ReduceMax") ? MAX_AXES_ARE_INPUTS : AXES_ARE_INPUTS;
    return opset >= since
        ? node.addInput(longs(output + "_axis", 1))
        : node.addAttribute(
            AttributeProto.newBuilder().setName("axes").setType(AttributeType.INTS).addInts(1));
  }

  private String add(NodeProto.Builder node) {
    graph.addNode(node);
    return node.getOutput(0);
  }

  private static NodeProto.Builder node(
      String domain, String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setDomain(domain)
        .setOpType(operator)
        .setName(output)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  /** A constant vector of int64. */
  public String longs(String name, long... values) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(INT64)
            .addDims(values.length)
            .addAllInt64Data(LongStream.of(values).boxed().toList()));
    return name;
  }

  /** A constant of float32; a scalar if it has no dimensions. */
  public String floats(String name, float[] values, long... dimensions) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(FLOAT)
            .addAllDims(LongStream.of(dimensions).boxed().toList())
            .addAllFloatData(IntStream.range(0, values.length).mapToObj(i -> values[i]).toList()));
    return name;
  }

  /**
   * A constant of any type.
   *
   * @param values little-endian, from position to limit
   */
  public String raw(String name, int type, ByteBuffer values, long... dimensions) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type)
            .addAllDims(LongStream.of(dimensions).boxed().toList())
            .setRawData(ByteString.copyFrom(values)));
    return name;
  }

  /** A constant scalar of uint8. */
  public String unsignedByte(String name, int value) {
    graph.addInitializer(
        TensorProto.newBuilder().setName(name).setDataType(UINT8).addInt32Data(value));
    return name;
  }

  public static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  public static AttributeProto real(String name, double value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF((float) value)
        .build();
  }

  /** An input or output of the graph; a dimension is a number or a name. */
  public static ValueInfoProto value(String name, int type, Object... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dimension : dimensions) {
      if (dimension instanceof Integer length) {
        shape.addDimBuilder().setDimValue(length);
      } else {
        shape.addDimBuilder().setDimParam(dimension.toString());
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
