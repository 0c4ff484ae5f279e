package org.sparkgbert.convert.encoder;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * MPNet: BERT's layers, positions that start at 2, and attention scores that depend on how far
 * apart two tokens are.
 *
 * <p><b>Source:</b> Song et al., "MPNet", 2020.
 */
final class Mpnet implements EncoderFamily {
  /** One more than the padding id, which is always 1. */
  private static final int FIRST_POSITION = 2;

  private static final TensorNames TENSORS =
      new TensorNames(
          AbsoluteEmbeddings.WORDS,
          "mpnet.",
          List.of("lm_head.", "pooler.", "embeddings.position_ids"));

  private static final LayerNames LAYERS =
      new LayerNames(
          "encoder.layer.",
          "attention.attn.q",
          "attention.attn.k",
          "attention.attn.v",
          "attention.attn.o",
          "attention.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  @Override
  public List<String> modelTypes() {
    return List.of("mpnet");
  }

  @Override
  public Encoder read(EncoderConfig config) {
    RelativePositions relative = new RelativePositions("encoder.relative_attention_bias.weight");
    config.requireInteger("relative_attention_num_buckets", RelativePositions.BUCKETS);
    EncoderShape shape = config.shape("mpnet", FIRST_POSITION);
    double epsilon = config.epsilon("layer_norm_eps", 1e-12);
    return new PostNormEncoder(
        shape,
        TENSORS,
        LAYERS,
        new AbsoluteEmbeddings(shape, shape.hiddenSize(), 0, epsilon),
        Optional.of(relative),
        epsilon,
        config.gelu("hidden_act"));
  }
}
