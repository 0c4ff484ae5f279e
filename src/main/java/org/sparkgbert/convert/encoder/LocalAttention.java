package org.sparkgbert.convert.encoder;

import java.util.stream.IntStream;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.onnx.GraphNodes;

/**
 * A bias of attention scores that limits attention to this many tokens on either side.
 *
 * @param reach number of tokens on either side
 * @param maxTokens maximum number of tokens per sequence
 */
record LocalAttention(int reach, int maxTokens) {
  /** The value by which ONNX Runtime masks padding; its exponential is 0. */
  private static final float MASKED = -10_000;

  /**
   * Adds the nodes; returns the name of the bias to add to scores, narrow {@code [1, 1, tokens,
   * tokens]}.
   */
  String addTo(EncoderNodes encoder) {
    GraphNodes nodes = encoder.nodes();
    encoder.computed("local.all_positions", this::positions, maxTokens);
    String zero = nodes.longs("local.zero", 0);
    String length = nodes.lengthOfAxisOne("local.token_count", encoder.tokenIds());
    String row = nodes.add("Slice", "local.positions", "local.all_positions", zero, length, zero);
    String column = nodes.add("Unsqueeze", "local.column", row, nodes.longs("local.one", 1));
    String distance =
        nodes.add("Abs", "local.distance", nodes.add("Sub", "local.difference", column, row));
    String farthest = nodes.floats("local.reach", new float[] {reach + 0.5f});
    String bias =
        nodes.add(
            "Where",
            "local.matrix",
            nodes.add("Greater", "local.is_far", distance, farthest),
            nodes.floats("local.masked", new float[] {MASKED}),
            nodes.floats("local.seen", new float[] {0}));
    String axes = nodes.longs("local.axes", 0, 1);
    return encoder.narrow("local.bias", nodes.add("Unsqueeze", "local.bias", bias, axes));
  }

  private float[] positions() {
    float[] positions = new float[maxTokens];
    IntStream.range(0, maxTokens).forEach(i -> positions[i] = i);
    return positions;
  }
}
