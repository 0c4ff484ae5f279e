package org.sparkgbert.convert.encoder;

/**
 * How an architecture calls the tensors of a layer, behind the layer's own prefix.
 *
 * @param layers what stands before a layer's number and a dot
 * @param attended the matrix behind attention
 * @param attendedNorm the LayerNorm behind it
 * @param intermediate the first feed-forward matrix
 * @param output the second
 * @param outputNorm the LayerNorm behind it
 */
record LayerNames(
    String layers,
    String query,
    String key,
    String value,
    String attended,
    String attendedNorm,
    String intermediate,
    String output,
    String outputNorm) {
  /** As BERT has them, and most that came after it. */
  static final LayerNames BERT =
      new LayerNames(
          "encoder.layer.",
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  /** A layer's own prefix. */
  String prefix(int layer) {
    return layers + layer + ".";
  }
}
