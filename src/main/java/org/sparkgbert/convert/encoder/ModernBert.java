package org.sparkgbert.convert.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;

/**
 * ModernBERT. Its {@code config.json} comes in the format of transformers 4, which states the
 * interval between layers with global attention, or of transformers 5, which lists the kind of each
 * layer.
 *
 * <p><b>Source:</b> Warner et al., "Smarter, Better, Faster, Longer", 2024.
 */
final class ModernBert implements EncoderFamily {
  private static final String GLOBAL = "full_attention";
  private static final String LOCAL = "sliding_attention";
  private static final int GLOBAL_EVERY = 3;
  private static final double GLOBAL_THETA = 160_000;
  private static final double LOCAL_THETA = 10_000;
  private static final int LOCAL_TOKENS = 128;

  private static final KnownKeys KEYS =
      EncoderConfig.KEYS
          .read("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
          .read("hidden_activation", "norm_eps", "norm_bias", "attention_bias", "mlp_bias")
          .read("local_attention", "global_attn_every_n_layers")
          .read("global_rope_theta", "local_rope_theta")
          .optional("head_dim", "sliding_window", "layer_types", "rope_parameters")
          .only("causal_mask", "false", "null")
          .only("rope_scaling", "null")
          .harmless("position_embedding_type")
          .harmless("attention_dropout", "embedding_dropout", "mlp_dropout", "layer_norm_eps")
          .harmless("classifier_activation", "classifier_bias", "classifier_pooling")
          .harmless("decoder_bias", "initializer_cutoff_factor", "pad_token_id")
          .harmless("deterministic_flash_attn", "reference_compile", "repad_logits_with_grad")
          .harmless("sparse_prediction", "sparse_pred_ignore_index");

  private static final KnownKeys ROPE_KEYS = KnownKeys.NONE.optional(GLOBAL, LOCAL);
  private static final KnownKeys ROPE_OF_A_KIND =
      KnownKeys.NONE.read("rope_theta").only("rope_type", "\"default\"");

  @Override
  public List<String> modelTypes() {
    return List.of("modernbert");
  }

  @Override
  public KnownKeys keys() {
    return KEYS;
  }

  @Override
  public Encoder read(EncoderConfig config) {
    ConfigFile file = config.file();
    EncoderShape shape = config.shape("modernbert", 0);
    config.requireInteger("head_dim", shape.headSize());
    int localTokens = file.optionalInteger("local_attention").orElse(LOCAL_TOKENS);
    EncoderShape.require("local_attention", localTokens, 1, 1 << 20);
    config.requireInteger("sliding_window", localTokens / 2);
    return new ModernBertEncoder(
        shape,
        config.epsilon("norm_eps", 1e-5),
        config.gelu("hidden_activation"),
        new ModernBertEncoder.Biases(
            file.flag("attention_bias", false),
            file.flag("mlp_bias", false),
            file.flag("norm_bias", false)),
        new RotaryPositions(
            "rotary.global", theta(config, GLOBAL, "global_rope_theta", GLOBAL_THETA), shape),
        new RotaryPositions(
            "rotary.local", theta(config, LOCAL, "local_rope_theta", LOCAL_THETA), shape),
        localTokens / 2,
        localLayers(config, shape.layers()));
  }

  private static double theta(EncoderConfig config, String kind, String key, double otherwise) {
    double theta = config.file().real(key, otherwise);
    Optional<ConfigFile> parameters =
        config.file().inside("rope_parameters").flatMap(kinds -> ropeOf(kinds, kind));
    return parameters.isEmpty() ? theta : parameters.get().real("rope_theta", theta);
  }

  private static Optional<ConfigFile> ropeOf(ConfigFile kinds, String kind) {
    ROPE_KEYS.check(kinds);
    Optional<ConfigFile> parameters = kinds.inside(kind);
    parameters.ifPresent(ROPE_OF_A_KIND::check);
    return parameters;
  }

  private static List<Boolean> localLayers(EncoderConfig config, int layers) {
    if (!config.file().has("layer_types")) {
      int every = config.file().optionalInteger("global_attn_every_n_layers").orElse(GLOBAL_EVERY);
      EncoderShape.require("global_attn_every_n_layers", every, 1, 1_000);
      return IntStream.range(0, layers).mapToObj(layer -> layer % every != 0).toList();
    }
    JsonNode types = config.file().values().path("layer_types");
    if (!types.isArray() || types.size() != layers) {
      throw EncoderConfig.unsupported(
          "layer_types must be a list of %d entries".formatted(layers), types.size());
    }
    List<Boolean> local = new ArrayList<>();
    for (JsonNode type : types) {
      if (!type.asText().equals(GLOBAL) && !type.asText().equals(LOCAL)) {
        throw EncoderConfig.unsupported(
            "layer_types must be %s or %s".formatted(GLOBAL, LOCAL), type.asText());
      }
      local.add(type.asText().equals(LOCAL));
    }
    return local;
  }
}
