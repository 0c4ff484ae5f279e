package org.sparkgbert.convert.graph;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.onnx.GraphNodes;

/**
 * The nodes of a {@link Head}: from token vectors {@code [rows, tokens, hidden]} to embeddings.
 *
 * <p>The sum over tokens is a matrix product {@code [rows, 1, tokens] x [rows, tokens, hidden]},
 * which allocates nothing as large as the token vectors.
 */
final class HeadNodes {
  private static final String PREFIX = "spark_gbert/";

  private final GraphNodes nodes;
  private final String tokens;
  private final String mask;
  private String sum;

  /**
   * @param tokens name of the token vectors, float32
   * @param attentionMask name of the mask, int64 {@code [rows, tokens]}
   */
  HeadNodes(GraphNodes nodes, String tokens, String attentionMask) {
    this.nodes = nodes;
    this.tokens = tokens;
    this.mask = nodes.cast(PREFIX + "mask", attentionMask, GraphNodes.FLOAT);
  }

  /** Adds the head; its result has the given name. */
  void add(Head head, String output) {
    List<String> pooled = new ArrayList<>();
    for (Pooling pooling : head.pooling()) {
      pooled.add(pool(pooling));
    }
    String vector =
        pooled.size() == 1 ? pooled.get(0) : nodes.concatOverHidden(PREFIX + "pooled", pooled);
    for (int i = 0; i < head.dense().size(); i++) {
      vector = dense(head.dense().get(i), PREFIX + "dense_" + i, vector);
    }
    if (head.normalize()) {
      vector = unitLength(vector);
    }
    if (head.truncation().isPresent()) {
      vector = truncated(vector, head.truncation().getAsInt());
    }
    nodes.add("Identity", output, vector);
  }

  /** The first elements, as they are: no further scaling. */
  private String truncated(String vector, int length) {
    return nodes.add(
        "Slice",
        PREFIX + "truncated",
        vector,
        nodes.longs(PREFIX + "from", 0),
        nodes.longs(PREFIX + "to", length),
        nodes.longs(PREFIX + "elements", 1));
  }

  private String pool(Pooling pooling) {
    return switch (pooling) {
      case CLS -> {
        String index = nodes.longs(PREFIX + "first", 0);
        String first = PREFIX + "first_token";
        yield nodes.squeezeTokens(PREFIX + "cls", nodes.gatherTokens(first, tokens, index));
      }
      case MAX -> max();
      case MEAN -> nodes.add("Div", PREFIX + "mean", sum(), count());
      case MEAN_SQRT_LEN ->
          nodes.add(
              "Div", PREFIX + "mean_sqrt_len", sum(), nodes.add("Sqrt", PREFIX + "sqrt", count()));
    };
  }

  /**
   * Where the mask is 0, a value is replaced by one too low to be a maximum, as the reference does.
   */
  private String max() {
    String shape = nodes.longs(PREFIX + "as_column", 0, -1, 1);
    String column = nodes.add("Reshape", PREFIX + "mask_column", mask, shape);
    String half = nodes.floats(PREFIX + "half", new float[] {0.5f});
    String padding = nodes.add("Less", PREFIX + "is_padding", column, half);
    String lowest = nodes.floats(PREFIX + "lowest", new float[] {-1e9f});
    String masked = nodes.add("Where", PREFIX + "masked", padding, lowest, tokens);
    return nodes.squeezeTokens(
        PREFIX + "max", nodes.reduceOverTokens("ReduceMax", PREFIX + "max_matrix", masked));
  }

  private String sum() {
    if (sum == null) {
      String shape = nodes.longs(PREFIX + "as_matrix", 0, 1, -1);
      String matrix = nodes.add("Reshape", PREFIX + "mask_matrix", mask, shape);
      String product = nodes.add("MatMul", PREFIX + "sum_matrix", matrix, tokens);
      sum = nodes.squeezeTokens(PREFIX + "sum", product);
      nodes.reduceOverTokens("ReduceSum", PREFIX + "count", mask);
    }
    return sum;
  }

  private String count() {
    return PREFIX + "count";
  }

  private String dense(DenseLayer layer, String name, String vector) {
    String weight = nodes.floats(name + "_weight", layer.weight(), layer.inputs(), layer.outputs());
    String bias = nodes.floats(name + "_bias", layer.bias(), layer.outputs());
    String product = nodes.add("MatMul", name + "_product", vector, weight);
    String shifted = nodes.add("Add", name + "_sum", product, bias);
    String active = active(layer.activation(), name + "_active", shifted);
    if (layer.residual() instanceof DenseLayer.Residual.Projection residual) {
      String matrix =
          nodes.floats(name + "_matrix", residual.weight(), layer.inputs(), layer.outputs());
      vector = nodes.add("MatMul", name + "_residual", vector, matrix);
    }
    return layer.residual() instanceof DenseLayer.Residual.None
        ? active
        : nodes.add("Add", name, active, vector);
  }

  private String active(Activation activation, String name, String vector) {
    return switch (activation) {
      case IDENTITY -> vector;
      case TANH -> nodes.add("Tanh", name, vector);
      case RELU -> nodes.add("Relu", name, vector);
      case SIGMOID -> nodes.add("Sigmoid", name, vector);
      case GELU -> nodes.addFused("Gelu", name, List.of(), vector);
      case SILU -> nodes.add("Mul", name, vector, nodes.add("Sigmoid", name + "_gate", vector));
    };
  }

  private String unitLength(String vector) {
    String square = nodes.add("Mul", PREFIX + "square", vector, vector);
    String squares = nodes.reduceOverTokens("ReduceSum", PREFIX + "square_sum", square);
    String norm = nodes.add("Sqrt", PREFIX + "norm", squares);
    String tiny = nodes.floats(PREFIX + "tiny", new float[] {1e-12f});
    String safe = nodes.add("Max", PREFIX + "safe_norm", norm, tiny);
    return nodes.add("Div", PREFIX + "unit", vector, safe);
  }
}
