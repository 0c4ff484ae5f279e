package org.sparkgbert.convert.encoder;

/**
 * An architecture's names of the tensors of a layer, after the layer's prefix.
 *
 * @param layers what precedes a layer's number and a dot
 * @param attended the matrix after attention
 * @param attendedNorm the LayerNorm after it
 * @param intermediate the first feed-forward matrix
 * @param output the second
 * @param outputNorm the LayerNorm after it
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
  /** The names of BERT, and of most architectures after it. */
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

  /** A layer's prefix. */
  String prefix(int layer) {
    return layers + layer + ".";
  }
}
