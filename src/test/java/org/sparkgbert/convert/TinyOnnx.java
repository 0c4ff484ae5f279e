package org.sparkgbert.convert;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Random;
import org.sparkgbert.TinyGraph;

/** An encoder that looks token vectors up in a table, with the tiny tokenizer's vocabulary. */
public final class TinyOnnx {
  static final int VOCABULARY = 468;
  private static final float[][] TABLE = table();

  private TinyOnnx() {}

  private static float[][] table() {
    Random random = new Random(3);
    float[][] table = new float[VOCABULARY][3];
    for (float[] row : table) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return table;
  }

  /** The vector of a token. */
  static float[] vector(long id) {
    return TABLE[Math.toIntExact(id)];
  }

  /** The inputs of a graph, and nothing else. */
  static TinyGraph inputs() {
    return new TinyGraph(17)
        .input("input_ids", TinyGraph.INT64, "rows", "tokens")
        .input("attention_mask", TinyGraph.INT64, "rows", "tokens");
  }

  /** The whole model. */
  public static ModelProto model() {
    return inputs()
        .matrix("table", TABLE)
        .node("Gather", "last_hidden_state", "table", "input_ids")
        .output("last_hidden_state", TinyGraph.FLOAT, "rows", "tokens", 3)
        .build();
  }
}
