package org.sparkgbert.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A graph that multiplies one input by several constant matrices, which ONNX Runtime prepares as it
 * does a model's weights. Of each product one element leaves the graph, so that nothing else takes
 * time.
 *
 * @param precision what is multiplied
 * @param depth length of the sums
 * @param columns width of each product
 * @param products how many there are
 * @param storedRows rows that the graph holds itself, of which the input is then the indices, so
 *     that no matrix has to reach a GPU first; 0 for an input that is the matrix
 */
record LayerProductGraph(
    ProductPrecision precision, int depth, int columns, int products, int storedRows) {
  static final String ROWS = "rows";
  static final String CORNERS = "corners";

  private static final String STORED = "stored";
  private static final String GATHERED = "gathered";
  private static final int ANY = -1;
  private static final String STARTS = "starts";
  private static final String ENDS = "ends";
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final long SEED = 1;

  ModelProto model() {
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(IR_VERSION);
    model.addOpsetImportBuilder().setVersion(OPSET);
    model.addOpsetImportBuilder().setDomain("com.microsoft").setVersion(1);
    model
        .getGraphBuilder()
        .setName("layer_product")
        .addInput(
            storedRows == 0
                ? tensor(ROWS, inputType(), ANY, depth)
                : tensor(ROWS, TensorProto.DataType.INT64, ANY))
        .addOutput(tensor(CORNERS, resultType(), products, 1))
        .addAllInitializer(constants())
        .addAllNode(nodes());
    return model.build();
  }

  private TensorProto.DataType inputType() {
    return switch (precision) {
      case FLOAT32 -> TensorProto.DataType.FLOAT;
      case FLOAT16 -> TensorProto.DataType.FLOAT16;
      case INT8 -> TensorProto.DataType.UINT8;
    };
  }

  private TensorProto.DataType resultType() {
    return precision == ProductPrecision.FLOAT16
        ? TensorProto.DataType.FLOAT16
        : TensorProto.DataType.FLOAT;
  }

  private List<NodeProto> nodes() {
    List<NodeProto> nodes = new ArrayList<>();
    if (storedRows > 0) {
      nodes.add(node("Gather", GATHERED).addInput(STORED).addInput(ROWS).build());
    }
    NodeProto.Builder all = node("Concat", CORNERS);
    all.addAttributeBuilder().setName("axis").setType(AttributeProto.AttributeType.INT).setI(0);
    for (int i = 0; i < products; i++) {
      nodes.add(product("product" + i, "weights" + i));
      nodes.add(
          node("Slice", "corner" + i)
              .addInput("product" + i)
              .addInput(STARTS)
              .addInput(ENDS)
              .build());
      all.addInput("corner" + i);
    }
    nodes.add(all.build());
    return nodes;
  }

  private NodeProto product(String name, String weights) {
    String rows = storedRows == 0 ? ROWS : GATHERED;
    return switch (precision) {
      case FLOAT32, FLOAT16 -> node("MatMul", name).addInput(rows).addInput(weights).build();
      case INT8 ->
          node("MatMulIntegerToFloat", name)
              .setDomain("com.microsoft")
              .addInput(rows)
              .addInput(weights)
              .addInput("scale")
              .addInput("scales")
              .addInput("zero_point")
              .build();
    };
  }

  private static NodeProto.Builder node(String type, String output) {
    return NodeProto.newBuilder().setOpType(type).setName(output).addOutput(output);
  }

  private List<TensorProto> constants() {
    List<TensorProto> constants = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < products; i++) {
      constants.add(
          values(
              "weights" + i,
              precision == ProductPrecision.INT8 ? TensorProto.DataType.INT8 : inputType(),
              new int[] {depth, columns},
              random));
    }
    if (storedRows > 0) {
      constants.add(values(STORED, inputType(), new int[] {storedRows, depth}, random));
    }
    constants.add(longs(STARTS, 0));
    constants.add(longs(ENDS, 1));
    if (precision == ProductPrecision.INT8) {
      constants.add(floats("scale", 1).addDims(1).build());
      constants.add(floats("scales", columns).addDims(columns).build());
      constants.add(
          TensorProto.newBuilder()
              .setName("zero_point")
              .setDataType(TensorProto.DataType.UINT8.getNumber())
              .addDims(1)
              .setRawData(ByteString.copyFrom(new byte[] {(byte) 128}))
              .build());
    }
    return constants;
  }

  private TensorProto values(
      String name, TensorProto.DataType type, int[] shape, SplittableRandom random) {
    ByteBuffer values = values(precision, Math.multiplyExact(shape[0], shape[1]), random);
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addDims(shape[0])
        .addDims(shape[1])
        .setRawData(ByteString.copyFrom(values))
        .build();
  }

  /** Random values, small enough that sums stay small; direct, in the machine's order. */
  static ByteBuffer values(ProductPrecision precision, int count, SplittableRandom random) {
    ByteBuffer values =
        ByteBuffer.allocateDirect(Math.multiplyExact(count, bytes(precision)))
            .order(ByteOrder.nativeOrder());
    for (int i = 0; i < count; i++) {
      switch (precision) {
        case FLOAT32 -> values.putFloat((float) random.nextDouble(-0.1, 0.1));
        // Halves from 2^-5 to 2^-4, and their negatives.
        case FLOAT16 ->
            values.putShort((short) (random.nextInt(2) << 15 | 10 << 10 | random.nextInt(1024)));
        case INT8 -> values.put((byte) random.nextInt(-64, 64));
      }
    }
    return values.flip();
  }

  private static int bytes(ProductPrecision precision) {
    return switch (precision) {
      case FLOAT32 -> Float.BYTES;
      case FLOAT16 -> Short.BYTES;
      case INT8 -> Byte.BYTES;
    };
  }

  private static TensorProto longs(String name, long value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.INT64.getNumber())
        .addDims(2)
        .addInt64Data(value)
        .addInt64Data(value)
        .build();
  }

  private static TensorProto.Builder floats(String name, int count) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
    for (int i = 0; i < count; i++) {
      tensor.addFloatData(0.01f);
    }
    return tensor;
  }

  private static ValueInfoProto tensor(String name, TensorProto.DataType type, int... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : sizes) {
      if (size == ANY) {
        shape.addDimBuilder().setDimParam("m");
      } else {
        shape.addDimBuilder().setDimValue(size);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
