package org.sparkgbert.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/** A graph of one node: {@code scores = rows * transpose(columns)}. */
final class ProductGraph {
  static final String ROWS = "rows";
  static final String COLUMNS = "columns";
  static final String SCORES = "scores";

  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  private ProductGraph() {}

  static ModelProto model() {
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(IR_VERSION);
    model.addOpsetImportBuilder().setVersion(OPSET);
    model
        .getGraphBuilder()
        .setName("block_product")
        .addInput(matrix(ROWS, "m", "d"))
        .addInput(matrix(COLUMNS, "n", "d"))
        .addOutput(matrix(SCORES, "m", "n"))
        .addNode(product());
    return model.build();
  }

  private static NodeProto.Builder product() {
    return NodeProto.newBuilder()
        .setOpType("Gemm")
        .setName(SCORES)
        .addInput(ROWS)
        .addInput(COLUMNS)
        .addOutput(SCORES)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("transB")
                .setType(AttributeProto.AttributeType.INT)
                .setI(1));
  }

  private static ValueInfoProto matrix(String name, String rows, String columns) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam(rows);
    shape.addDimBuilder().setDimParam(columns);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }
}
