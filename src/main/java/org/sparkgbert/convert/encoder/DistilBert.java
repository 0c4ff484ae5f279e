package org.sparkgbert.convert.encoder;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * DistilBERT: BERT's layers with names of its own, without token types.
 *
 * <p><b>Source:</b> Sanh et al., "DistilBERT", 2019.
 */
final class DistilBert implements EncoderFamily {
  private static final double EPSILON = 1e-12;

  private static final TensorNames TENSORS =
      new TensorNames(
          AbsoluteEmbeddings.WORDS,
          "distilbert.",
          List.of("embeddings.", "transformer."),
          List.of(
              "vocab_transform.",
              "vocab_layer_norm.",
              "vocab_projector.",
              "embeddings.position_ids"));

  private static final LayerNames LAYERS =
      new LayerNames(
          "transformer.layer.",
          "attention.q_lin",
          "attention.k_lin",
          "attention.v_lin",
          "attention.out_lin",
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm");

  @Override
  public List<String> modelTypes() {
    return List.of("distilbert");
  }

  @Override
  public KnownKeys keys() {
    return EncoderConfig.KEYS
        .read("n_layers", "dim", "n_heads", "hidden_dim", "activation")
        .read("hidden_size", "num_attention_heads", "num_hidden_layers")
        .harmless("dropout", "attention_dropout", "qa_dropout", "seq_classif_dropout")
        .harmless("pad_token_id", "sinusoidal_pos_embds", "tie_weights_", "layer_norm_eps");
  }

  @Override
  public Encoder read(EncoderConfig config) {
    ConfigFile file = config.file();
    EncoderShape shape =
        new EncoderShape(
            "distilbert",
            file.integer("n_layers"),
            file.integer("dim"),
            file.integer("n_heads"),
            file.integer("hidden_dim"),
            file.integer("vocab_size"),
            file.integer("max_position_embeddings"),
            0);
    config.requireInteger("hidden_size", shape.hiddenSize());
    config.requireInteger("num_attention_heads", shape.heads());
    config.requireInteger("num_hidden_layers", shape.layers());
    return new PostNormEncoder(
        shape,
        TENSORS,
        LAYERS,
        new AbsoluteEmbeddings(shape, shape.hiddenSize(), 0, EPSILON),
        Optional.empty(),
        EPSILON,
        config.gelu("activation"));
  }
}
