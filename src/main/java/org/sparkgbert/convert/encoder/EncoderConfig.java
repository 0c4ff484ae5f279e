package org.sparkgbert.convert.encoder;

import org.sparkgbert.convert.graph.EncoderShape;

/** A transformer's {@code config.json}, read for its encoder. */
final class EncoderConfig {
  private static final int MOST_TOKEN_TYPES = 65_536;

  private final ConfigFile file;

  /**
   * @throws IllegalArgumentException if it requires something that no encoder here supports
   */
  EncoderConfig(ConfigFile file) {
    this.file = file;
    if (file.has("auto_map")) {
      throw unsupported("a model must not need code of its own", "auto_map");
    }
    if (file.has("quantization_config")) {
      throw unsupported("weights must not be quantized", "quantization_config");
    }
    if (file.flag("is_decoder", false)) {
      throw unsupported("is_decoder must be false", "true");
    }
  }

  ConfigFile file() {
    return file;
  }

  /** The sizes, under BERT's names. */
  EncoderShape shape(String family, int firstPosition) {
    return new EncoderShape(
        family,
        file.integer("num_hidden_layers"),
        file.integer("hidden_size"),
        file.integer("num_attention_heads"),
        file.integer("intermediate_size"),
        file.integer("vocab_size"),
        file.integer("max_position_embeddings"),
        firstPosition);
  }

  /** Number of rows of the token type table. */
  int tokenTypes() {
    int types = file.optionalInteger("type_vocab_size").orElse(2);
    EncoderShape.require("type_vocab_size", types, 1, MOST_TOKEN_TYPES);
    return types;
  }

  /** What LayerNorm adds to the variance. */
  double epsilon(String key, double otherwise) {
    double epsilon = file.real(key, otherwise);
    if (!(epsilon > 0 && epsilon < 1)) {
      throw new IllegalArgumentException(
          "Cannot build encoder: %s must be between 0 and 1, found %s".formatted(key, epsilon));
    }
    return epsilon;
  }

  /** The kind of gelu that an activation is. */
  Gelu gelu(String key) {
    String activation = file.text(key, "gelu");
    return switch (activation) {
      case "gelu", "gelu_python" -> Gelu.EXACT;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Gelu.TANH;
      default -> throw unsupported(key + " must be a kind of gelu", activation);
    };
  }

  /** Rejects positions that are not absolute. */
  void requireAbsolutePositions() {
    String positions = file.text("position_embedding_type", "absolute");
    if (!positions.equals("absolute")) {
      throw unsupported("position_embedding_type must be absolute", positions);
    }
  }

  /** Rejects any value but the supported one, which is the default. */
  void requireInteger(String key, int supported) {
    int found = file.optionalInteger(key).orElse(supported);
    if (found != supported) {
      throw unsupported("%s must be %d".formatted(key, supported), found);
    }
  }

  static IllegalArgumentException unsupported(String rule, Object found) {
    return new IllegalArgumentException(
        "Cannot import model: in config.json %s, found '%s'".formatted(rule, found));
  }
}
