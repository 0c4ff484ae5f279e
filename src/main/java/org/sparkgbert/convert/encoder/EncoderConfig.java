package org.sparkgbert.convert.encoder;

import org.sparkgbert.convert.graph.EncoderShape;

/** A transformer's {@code config.json}, read for its encoder. */
final class EncoderConfig {
  private static final int MOST_TOKEN_TYPES = 65_536;

  /**
   * Keys that every encoder's file may have. Code of its own ({@code auto_map}) is never run, and
   * whatever {@code dtype} says, vectors are computed in the precision of the import.
   *
   * <p><b>Source:</b> transformers 4.57 and 5.24, {@code PretrainedConfig}.
   */
  static final KnownKeys KEYS =
      KnownKeys.NONE
          .read("model_type", "vocab_size", "max_position_embeddings")
          .only("add_cross_attention", "false", "null")
          .only("is_causal", "false", "null")
          .only("is_decoder", "false", "null")
          .only("is_encoder_decoder", "false", "null")
          .only("position_embedding_type", "\"absolute\"")
          .only("pruned_heads", "{}", "null")
          .only("quantization_config", "null")
          .harmless("architectures", "auto_map", "chunk_size_feed_forward", "tokenizer_class")
          .harmless("dtype", "torch_dtype", "use_bfloat16", "torchscript", "tf_legacy_loss")
          .harmless("_name_or_path", "name_or_path", "_commit_hash", "transformers_version")
          .optional("is_matryoshka", "matryoshka_dimensions")
          .harmless("name", "language", "xla_device")
          .harmless("output_attentions", "output_hidden_states", "output_past", "return_dict")
          .harmless("use_cache", "gradient_checkpointing", "initializer_range", "prefix")
          .harmless("attn_implementation", "_attn_implementation", "_attn_implementation_autoset")
          .harmless("tie_word_embeddings", "tie_encoder_decoder", "cross_attention_hidden_size")
          .harmless("finetuning_task", "task_specific_params", "problem_type")
          .harmless("id2label", "label2id", "num_labels", "_num_labels", "classifier_dropout")
          .harmless("bos_token_id", "eos_token_id", "eos_token_ids", "cls_token_id", "sep_token_id")
          .harmless("mask_token_id", "unk_token_id", "decoder_start_token_id")
          // What transformers 4 writes for models that generate text.
          .harmless("max_length", "min_length", "do_sample", "early_stopping", "num_beams")
          .harmless("num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p")
          .harmless("typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size")
          .harmless("encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences")
          .harmless("output_scores", "return_dict_in_generate", "forced_bos_token_id")
          .harmless("forced_eos_token_id", "remove_invalid_values", "suppress_tokens")
          .harmless("exponential_decay_length_penalty", "begin_suppress_tokens");

  /** Keys of BERT's encoder and of those with its layers. */
  static final KnownKeys LIKE_BERT =
      KEYS.read("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
          .read("hidden_act", "layer_norm_eps")
          .harmless("hidden_dropout_prob", "attention_probs_dropout_prob")
          // Of the pooler and of pre-training, which no embedding goes through.
          .harmless("directionality", "pooler_type", "pooler_fc_size", "pooler_num_fc_layers")
          .harmless("pooler_num_attention_heads", "pooler_size_per_head");

  private final ConfigFile file;

  EncoderConfig(ConfigFile file) {
    this.file = file;
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
