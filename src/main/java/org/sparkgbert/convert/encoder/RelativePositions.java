package org.sparkgbert.convert.encoder;

import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.onnx.GraphNodes;

/**
 * What is added to attention scores, depending on how far apart two tokens are: a table has a row
 * for each short distance and one for each range of longer distances, before a token and after it.
 *
 * <p><b>Source:</b> Raffel et al., "T5", 2020.
 *
 * @param table name of the table {@code [buckets, heads]}
 */
record RelativePositions(String table) {
  static final int BUCKETS = 32;

  private static final int ONE_WAY = BUCKETS / 2;
  private static final int EXACT = ONE_WAY / 2;
  private static final int FARTHEST = 128;

  private static final String ALL = "relative_positions";

  /** Adds the nodes; returns the name of a narrow value {@code [1, heads, tokens, tokens]}. */
  String addTo(EncoderNodes encoder, EncoderShape shape) {
    int most = shape.maxTokens();
    encoder.computed(ALL, () -> biases(encoder, shape), 1, shape.heads(), most, most);
    GraphNodes nodes = encoder.nodes();
    String length = nodes.lengthOfAxisOne("relative_token_count", encoder.tokenIds());
    String bias =
        nodes.add(
            "Slice",
            "score_bias",
            ALL,
            nodes.longs("relative_starts", 0, 0),
            nodes.add("Tile", "relative_ends", length, nodes.longs("relative_dimensions", 2)),
            nodes.longs("relative_axes", 2, 3));
    return encoder.narrow(bias, bias);
  }

  private float[] biases(EncoderNodes nodes, EncoderShape shape) {
    int heads = shape.heads();
    int most = shape.maxTokens();
    float[] rows = nodes.floats(table, BUCKETS, heads);
    float[] biases = new float[Math.multiplyExact(heads, Math.multiplyExact(most, most))];
    int at = 0;
    for (int head = 0; head < heads; head++) {
      for (int from = 0; from < most; from++) {
        for (int to = 0; to < most; to++) {
          biases[at++] = rows[bucket(to - from) * heads + head];
        }
      }
    }
    return biases;
  }

  /**
   * The row for a distance. Computed in float32, since some distances lie on the borders of ranges.
   *
   * @param distance from a token to another; negative if the other one is before it
   */
  static int bucket(int distance) {
    int side = distance > 0 ? ONE_WAY : 0;
    int far = Math.abs(distance);
    if (far < EXACT) {
      return side + far;
    }
    float range =
        (float) Math.log((float) far / EXACT)
            / (float) Math.log((double) FARTHEST / EXACT)
            * (ONE_WAY - EXACT);
    return side + Math.min(ONE_WAY - 1, EXACT + (int) range);
  }
}
