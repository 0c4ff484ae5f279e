package org.sparkgbert.convert;

import java.util.Set;
import org.sparkgbert.convert.graph.EncoderShape;

/** Reads the shape of an encoder out of a transformer's {@code config.json}. */
final class EncoderConfig {
  private static final String FILE = "config.json";
  private static final Set<String> ROBERTA = Set.of("xlm-roberta", "roberta");

  private EncoderConfig() {}

  /**
   * @throws IllegalArgumentException if the file is missing, or says something that is not
   *     supported: the message names it
   */
  static EncoderShape read(CheckpointFiles snapshot) {
    Settings config =
        new Settings(
            FILE,
            snapshot
                .json(FILE)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Cannot import %s: it has no %s"
                                .formatted(snapshot.directory(), FILE))));
    String family = config.text("model_type", "");
    boolean roberta = ROBERTA.contains(family);
    if (!family.equals("bert") && !roberta) {
      throw unsupported("model_type must be bert or xlm-roberta", family);
    }
    refuseUnsupported(config);
    return new EncoderShape(
        roberta ? "xlm-roberta" : family,
        config.integer("num_hidden_layers"),
        config.integer("hidden_size"),
        config.integer("num_attention_heads"),
        config.integer("intermediate_size"),
        config.integer("vocab_size"),
        config.integer("max_position_embeddings"),
        roberta ? config.optionalInteger("pad_token_id").orElse(1) + 1 : 0,
        config.optionalInteger("type_vocab_size").orElse(2),
        config.real("layer_norm_eps", 1e-12),
        isTanhGelu(config.text("hidden_act", "gelu")));
  }

  private static void refuseUnsupported(Settings config) {
    if (config.has("auto_map")) {
      throw unsupported("a model must need no code of its own", "auto_map");
    }
    String positions = config.text("position_embedding_type", "absolute");
    if (!positions.equals("absolute")) {
      throw unsupported("position_embedding_type must be absolute", positions);
    }
    if (config.flag("is_decoder", false)) {
      throw unsupported("is_decoder must be false", "true");
    }
  }

  private static boolean isTanhGelu(String activation) {
    return switch (activation) {
      case "gelu", "gelu_python" -> false;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> true;
      default -> throw unsupported("hidden_act must be a kind of gelu", activation);
    };
  }

  private static IllegalArgumentException unsupported(String rule, String found) {
    return new IllegalArgumentException(
        "Cannot import model: in %s %s, found '%s'".formatted(FILE, rule, found));
  }
}
