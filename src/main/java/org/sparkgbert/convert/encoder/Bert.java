package org.sparkgbert.convert.encoder;

import java.util.List;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * BERT: positions from 0, and token types.
 *
 * <p><b>Source:</b> Devlin et al., "BERT", 2019.
 */
final class Bert implements EncoderFamily {
  private static final TensorNames TENSORS =
      new TensorNames(
          AbsoluteEmbeddings.WORDS,
          "bert.",
          List.of("embeddings.", "encoder."),
          List.of("cls.", "pooler.", "embeddings.position_ids", "embeddings.token_type_ids"));

  @Override
  public List<String> modelTypes() {
    return List.of("bert");
  }

  @Override
  public KnownKeys keys() {
    return EncoderConfig.LIKE_BERT.read("type_vocab_size").harmless("pad_token_id");
  }

  @Override
  public Encoder read(EncoderConfig config) {
    return PostNormEncoder.likeBert(config, config.shape("bert", 0), TENSORS);
  }
}
