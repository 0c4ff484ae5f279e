package org.sparkgbert.convert.encoder;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * MPNet: BERT's layers, positions that start after the padding id, and attention scores that depend
 * on how far apart two tokens are.
 *
 * <p><b>Source:</b> Song et al., "MPNet", 2020.
 */
final class Mpnet implements EncoderFamily {
  /** The padding id, which no configuration changes. */
  private static final int PADDING = 1;

  private static final TensorNames TENSORS =
      new TensorNames(
          AbsoluteEmbeddings.WORDS,
          "mpnet.",
          List.of("embeddings.", "encoder."),
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
  public KnownKeys keys() {
    return EncoderConfig.LIKE_BERT
        .read("relative_attention_num_buckets")
        .harmless("pad_token_id", "type_vocab_size");
  }

  @Override
  public Encoder read(EncoderConfig config) {
    RelativePositions relative = new RelativePositions("encoder.relative_attention_bias.weight");
    config.requireInteger("relative_attention_num_buckets", RelativePositions.BUCKETS);
    EncoderShape shape = config.shape("mpnet", PADDING + 1);
    double epsilon = config.epsilon("layer_norm_eps", 1e-12);
    return new PostNormEncoder(
        shape,
        TENSORS,
        LAYERS,
        new AbsoluteEmbeddings(shape, shape.hiddenSize(), 0, epsilon, OptionalInt.of(PADDING)),
        Optional.of(relative),
        epsilon,
        config.gelu("hidden_act"));
  }
}
