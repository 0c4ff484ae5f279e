package org.sparkgbert.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A graph that multiplies one input by several constant matrices, which ONNX Runtime prepares as it
 * does a model's weights. Only one element of each product leaves the graph, so that nothing else
 * takes time.
 *
 * @param precision what is multiplied
 * @param depth length of the sums
 * @param columns width of each product
 * @param products number of products
 * @param storedRows rows that are stored in the graph; the input is then their indices, so that no
 *     matrix has to be copied to a GPU first; 0 if the input is the matrix itself
 */
record LayerProductGraph(
    ProductPrecision precision, int depth, int columns, int products, int storedRows) {
  static final String ROWS = "rows";
  static final String CORNERS = "corners";

  private static final String STARTS = "starts";
  private static final String ENDS = "ends";
  private static final int OPSET = 17;
  private static final long SEED = 1;

  ModelProto model() {
    ModelProto.Builder model = GraphNodes.model("layer_product", OPSET);
    model
        .getGraphBuilder()
        .addInput(
            storedRows == 0
                ? GraphNodes.value(ROWS, inputType(), "m", depth)
                : GraphNodes.value(ROWS, GraphNodes.INT64, "m"))
        .addOutput(GraphNodes.value(CORNERS, resultType(), products, 1));
    addNodes(new GraphNodes(model.getGraphBuilder(), OPSET));
    return model.build();
  }

  private int inputType() {
    return switch (precision) {
      case FLOAT32 -> GraphNodes.FLOAT;
      case FLOAT16 -> GraphNodes.FLOAT16;
      case INT8 -> GraphNodes.UINT8;
    };
  }

  private int resultType() {
    return precision == ProductPrecision.FLOAT16 ? GraphNodes.FLOAT16 : GraphNodes.FLOAT;
  }

  private void addNodes(GraphNodes nodes) {
    SplittableRandom random = new SplittableRandom(SEED);
    String rows = ROWS;
    if (storedRows > 0) {
      String stored = matrix(nodes, "stored", inputType(), storedRows, depth, random);
      rows = nodes.add("Gather", "gathered", stored, ROWS);
    }
    addConstants(nodes);
    String[] corners = new String[products];
    for (int i = 0; i < products; i++) {
      String product = product(nodes, i, rows, random);
      corners[i] = nodes.add("Slice", "corner" + i, product, STARTS, ENDS);
    }
    nodes.add("Concat", CORNERS, List.of(GraphNodes.integer("axis", 0)), corners);
  }

  private void addConstants(GraphNodes nodes) {
    nodes.longs(STARTS, 0, 0);
    nodes.longs(ENDS, 1, 1);
    if (precision == ProductPrecision.INT8) {
      float[] scales = new float[columns];
      Arrays.fill(scales, 0.01f);
      nodes.floats("scale", new float[] {0.01f}, 1);
      nodes.floats("scales", scales, columns);
      nodes.unsignedByte("zero_point", 128);
    }
  }

  private String product(GraphNodes nodes, int index, String rows, SplittableRandom random) {
    int type = precision == ProductPrecision.INT8 ? GraphNodes.INT8 : inputType();
    String weights = matrix(nodes, "weights" + index, type, depth, columns, random);
    String name = "product" + index;
    return precision == ProductPrecision.INT8
        ? nodes.addFused(
            "MatMulIntegerToFloat", name, List.of(), rows, weights, "scale", "scales", "zero_point")
        : nodes.add("MatMul", name, rows, weights);
  }

  private String matrix(
      GraphNodes nodes, String name, int type, int height, int width, SplittableRandom random) {
    ByteBuffer values = values(precision, Math.multiplyExact(height, width), random);
    return nodes.raw(name, type, values, height, width);
  }

  /** Random values, small enough that sums stay small; direct, in native byte order. */
  static ByteBuffer values(ProductPrecision precision, int count, SplittableRandom random) {
    ByteBuffer values = NativeBuffers.bytes(count, bytes(precision));
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
}
