package org.sparkgbert.convert.encoder;

import java.util.List;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Matrices;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * An encoder with ModernBERT's layers: LayerNorm before attention and before the feed-forward
 * layer, rotary positions, attention that is local in some layers, and a gated feed-forward layer.
 *
 * @param shape its sizes
 * @param epsilon what LayerNorm adds to the variance
 * @param gelu the activation before the gate
 * @param biases which parts have a bias
 * @param globalPositions positions in layers with global attention
 * @param localPositions positions in layers with local attention
 * @param reach how many tokens local attention reaches on either side
 * @param localLayers for each layer, whether its attention is local
 */
record ModernBertEncoder(
    EncoderShape shape,
    double epsilon,
    Gelu gelu,
    Biases biases,
    RotaryPositions globalPositions,
    RotaryPositions localPositions,
    int reach,
    List<Boolean> localLayers)
    implements Encoder {
  static final String WORDS = "embeddings.tok_embeddings.weight";

  private static final TensorNames TENSORS =
      new TensorNames(
          WORDS,
          "model.",
          List.of("embeddings.", "layers.", "final_norm."),
          List.of("head.", "decoder.", "rotary_emb.", "layers.N.attn.rotary_emb.inv_freq"));

  /** Which parts have a bias. */
  record Biases(boolean attention, boolean feedForward, boolean norm) {}

  @Override
  public TensorNames tensors() {
    return TENSORS;
  }

  @Override
  public String addTo(EncoderNodes nodes, Matrices matrices) {
    return new ModernBertLayers(this, nodes, matrices).add();
  }
}
