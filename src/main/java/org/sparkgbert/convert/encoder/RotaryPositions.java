package org.sparkgbert.convert.encoder;

import static org.sparkgbert.onnx.GraphNodes.integer;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.EncoderShape;

/**
 * Positions that rotate queries and keys, by angles that grow with the position.
 *
 * <p><b>Source:</b> Su et al., "RoFormer", 2021.
 *
 * @param name prefix of the names of its tables
 * @param theta the base of the angles' frequencies
 * @param shape the encoder's sizes; the head size must be even
 */
record RotaryPositions(String name, double theta, EncoderShape shape) {
  /**
   * @throws IllegalArgumentException if theta is not positive or the head size is odd
   */
  RotaryPositions {
    if (!(theta > 0 && Double.isFinite(theta))) {
      throw new IllegalArgumentException(
          "Cannot build encoder: theta of rotary positions must be positive, found " + theta);
    }
    if (shape.headSize() % 2 != 0) {
      throw new IllegalArgumentException(
          "Cannot build encoder: rotary positions require an even head size, found "
              + shape.headSize());
    }
  }

  /** Adds the tables; to be called once, before {@link #turn}. */
  void addTables(EncoderNodes nodes) {
    int angles = shape.headSize() / 2;
    nodes.computed(name + ".cos", () -> table(Math::cos), shape.maxTokens(), angles);
    nodes.computed(name + ".sin", () -> table(Math::sin), shape.maxTokens(), angles);
    nodes.nodes().longs(name + ".first", 0);
  }

  /** Rotates queries or keys {@code [rows, tokens, hidden]}, float32. */
  String turn(EncoderNodes nodes, String output, String input) {
    return nodes
        .nodes()
        .addFused(
            "RotaryEmbedding",
            output,
            List.of(integer("num_heads", shape.heads())),
            input,
            name + ".first",
            name + ".cos",
            name + ".sin");
  }

  /** Computed in float32, since rounding changes the angle at far positions. */
  private float[] table(DoubleUnaryOperator function) {
    int angles = shape.headSize() / 2;
    float[] table = new float[shape.maxTokens() * angles];
    for (int angle = 0; angle < angles; angle++) {
      float exponent = 2f * angle / shape.headSize();
      float frequency = 1 / (float) Math.pow(theta, exponent);
      for (int position = 0; position < shape.maxTokens(); position++) {
        table[position * angles + angle] = (float) function.applyAsDouble(position * frequency);
      }
    }
    return table;
  }
}
