package org.sparkgbert.convert.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
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

  @Override
  public List<String> modelTypes() {
    return List.of("modernbert");
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
    if (config.file().has("rope_scaling")) {
      throw EncoderConfig.unsupported("positions must not be scaled", "rope_scaling");
    }
    if (config.file().values().path(key).isNull()) {
      throw EncoderConfig.unsupported(key + " must be a number", "null");
    }
    double theta = config.file().real(key, otherwise);
    JsonNode values = config.file().values().path("rope_parameters").path(kind);
    if (values.isObject()) {
      String name = "config.json, rope_parameters of " + kind;
      ConfigFile parameters = new ConfigFile(name, values);
      String type = parameters.text("rope_type", "default");
      if (!type.equals("default")) {
        throw EncoderConfig.unsupported("rope_type of " + kind + " must be default", type);
      }
      theta = parameters.real("rope_theta", theta);
    }
    return theta;
  }

  private static List<Boolean> localLayers(EncoderConfig config, int layers) {
    JsonNode types = config.file().values().path("layer_types");
    if (!types.isArray()) {
      int every = config.file().optionalInteger("global_attn_every_n_layers").orElse(GLOBAL_EVERY);
      EncoderShape.require("global_attn_every_n_layers", every, 1, 1_000);
      return IntStream.range(0, layers).mapToObj(layer -> layer % every != 0).toList();
    }
    if (types.size() != layers) {
      throw EncoderConfig.unsupported(
          "layer_types must have %d entries".formatted(layers), types.size());
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
