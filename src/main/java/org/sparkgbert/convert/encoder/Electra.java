package org.sparkgbert.convert.encoder;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * ELECTRA: BERT's layers, and embeddings that may be narrower than the layers.
 *
 * <p><b>Source:</b> Clark et al., "ELECTRA", 2020.
 */
final class Electra implements EncoderFamily {
  private static final int EMBEDDING_SIZE = 128;

  private static final TensorNames TENSORS =
      new TensorNames(
          AbsoluteEmbeddings.WORDS,
          "electra.",
          List.of("embeddings.", "embeddings_project.", "encoder."),
          List.of(
              "discriminator_predictions.",
              "generator_predictions.",
              "generator_lm_head.",
              "embeddings.position_ids",
              "embeddings.token_type_ids"));

  @Override
  public List<String> modelTypes() {
    return List.of("electra");
  }

  @Override
  public KnownKeys keys() {
    return EncoderConfig.LIKE_BERT
        .read("type_vocab_size", "embedding_size")
        .harmless("pad_token_id", "summary_type", "summary_use_proj", "summary_activation")
        .harmless("summary_last_dropout", "generator_size");
  }

  @Override
  public Encoder read(EncoderConfig config) {
    EncoderShape shape = config.shape("electra", 0);
    int width = config.file().optionalInteger("embedding_size").orElse(EMBEDDING_SIZE);
    EncoderShape.require("embedding_size", width, 1, EncoderShape.WIDEST);
    double epsilon = config.epsilon("layer_norm_eps", 1e-12);
    return new PostNormEncoder(
        shape,
        TENSORS,
        LayerNames.BERT,
        new AbsoluteEmbeddings(shape, width, config.tokenTypes(), epsilon),
        Optional.empty(),
        epsilon,
        config.gelu("hidden_act"));
  }
}
