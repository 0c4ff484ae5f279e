package org.sparkgbert.convert.encoder;

import java.util.List;
import java.util.OptionalInt;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * RoBERTa and its descendants in other languages: BERT's layers, and positions that start after the
 * padding id.
 *
 * <p><b>Source:</b> Liu et al., "RoBERTa", 2019; Conneau et al., "XLM-R", 2020; Martin et al.,
 * "CamemBERT", 2020.
 */
final class Roberta implements EncoderFamily {
  private static final TensorNames TENSORS =
      new TensorNames(
          AbsoluteEmbeddings.WORDS,
          "roberta.",
          List.of("embeddings.", "encoder."),
          List.of("lm_head.", "pooler.", "embeddings.position_ids", "embeddings.token_type_ids"));

  @Override
  public List<String> modelTypes() {
    return List.of("camembert", "roberta", "xlm-roberta");
  }

  @Override
  public KnownKeys keys() {
    return EncoderConfig.LIKE_BERT.read("type_vocab_size", "pad_token_id");
  }

  @Override
  public Encoder read(EncoderConfig config) {
    int padding = config.file().optionalInteger("pad_token_id").orElse(1);
    return PostNormEncoder.likeBert(
        config, config.shape("xlm-roberta", padding + 1), TENSORS, OptionalInt.of(padding));
  }
}
