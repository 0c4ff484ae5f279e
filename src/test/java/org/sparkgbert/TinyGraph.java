package org.sparkgbert;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/** Builds ONNX graphs of a few nodes. */
public final class TinyGraph {
  /** ONNX's number for 32-bit floats. */
  public static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;

  /** ONNX's number for 64-bit integers. */
  public static final int INT64 = TensorProto.DataType.INT64_VALUE;

  private final ModelProto.Builder model = ModelProto.newBuilder();

  /** An empty graph in the given version of the ONNX operator set. */
  public TinyGraph(int opset) {
    model.setIrVersion(opset < 15 ? 6 : 8).addOpsetImportBuilder().setVersion(opset);
    model.getGraphBuilder().setName("tiny");
  }

  /** Declares an input; numbers are fixed dimensions, anything else names one. */
  public TinyGraph input(String name, int type, Object... dimensions) {
    model.getGraphBuilder().addInput(value(name, type, dimensions));
    return this;
  }

  /** Declares an output. */
  public TinyGraph output(String name, int type, Object... dimensions) {
    model.getGraphBuilder().addOutput(value(name, type, dimensions));
    return this;
  }

  /** Adds a constant matrix of floats. */
  public TinyGraph matrix(String name, float[][] rows) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(FLOAT)
            .addDims(rows.length)
            .addDims(rows[0].length);
    for (float[] row : rows) {
      for (float value : row) {
        tensor.addFloatData(value);
      }
    }
    model.getGraphBuilder().addInitializer(tensor);
    return this;
  }

  /** Adds a node without attributes. */
  public TinyGraph node(String operator, String output, String... inputs) {
    model.getGraphBuilder().addNode(nodeOf(operator, output, inputs));
    return this;
  }

  /** Adds a cast. */
  public TinyGraph cast(String output, String input, int type) {
    AttributeProto.Builder to =
        AttributeProto.newBuilder()
            .setName("to")
            .setType(AttributeProto.AttributeType.INT)
            .setI(type);
    model.getGraphBuilder().addNode(nodeOf("Cast", output, input).addAttribute(to));
    return this;
  }

  private static NodeProto.Builder nodeOf(String operator, String output, String... inputs) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType(operator).setName(output).addOutput(output);
    for (String input : inputs) {
      node.addInput(input);
    }
    return node;
  }

  private static ValueInfoProto value(String name, int type, Object... dimensions) {
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

  /** The model. */
  public ModelProto build() {
    return model.build();
  }
}
