package org.sparkgbert.convert;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.KnownKeys;
import org.sparkgbert.convert.hub.NeededFiles;

/**
 * The settings of a Transformer module: {@code sentence_bert_config.json}, or that file under one
 * of its old names.
 *
 * <p><b>Source:</b> sentence-transformers 5.1 and 6.2.
 *
 * @param maxSeqLength maximum number of tokens, if it is said
 * @param lowerCase whether texts are lower-cased before the tokenizer sees them
 */
record TransformerSettings(Optional<Integer> maxSeqLength, boolean lowerCase) {
  /** The defaults. */
  static final TransformerSettings NONE = new TransformerSettings(Optional.empty(), false);

  /** What is set here when a library is called: empty, or what is never taken from a file. */
  private static final List<String> ARGUMENTS =
      List.of(
          "model_args",
          "model_kwargs",
          "tokenizer_args",
          "processor_kwargs",
          "config_args",
          "config_kwargs",
          "processing_kwargs");

  private static final KnownKeys ARGUMENT_KEYS =
      KnownKeys.NONE.harmless(
          "trust_remote_code", "torch_dtype", "dtype", "attn_implementation", "low_cpu_mem_usage");

  private static final KnownKeys KEYS =
      KnownKeys.NONE
          .optional("max_seq_length", "do_lower_case", "modality_config")
          .optional(ARGUMENTS.toArray(String[]::new))
          .only("transformer_task", "\"feature-extraction\"")
          .only("module_output_name", "\"token_embeddings\"")
          .only("query_length", "null")
          .only("document_length", "null")
          .only("query_expansion", "null")
          .only("tokenizer_name_or_path", "null")
          .harmless("unpad_inputs", "cache_dir");

  private static final KnownKeys MODALITIES = KnownKeys.NONE.read("text");
  private static final KnownKeys TEXT =
      KnownKeys.NONE
          .only("method", "\"forward\"")
          .only("method_output_name", "\"last_hidden_state\"", "[\"last_hidden_state\"]");

  /**
   * Reads the first of the module's files that is not empty.
   *
   * @throws IllegalArgumentException if a key is unknown or has a value that is not supported
   */
  static TransformerSettings read(CheckpointFiles transformer) {
    return files(transformer).stream()
        .filter(file -> !file.values().isEmpty())
        .findFirst()
        .map(TransformerSettings::read)
        .orElse(NONE);
  }

  /** All files of this kind that a directory has. */
  static List<ConfigFile> files(CheckpointFiles transformer) {
    return NeededFiles.TRANSFORMER_SETTINGS.stream()
        .filter(transformer::has)
        .map(name -> new ConfigFile(name, transformer.json(name).orElseThrow()))
        .toList();
  }

  private static TransformerSettings read(ConfigFile file) {
    KEYS.check(file);
    ARGUMENTS.forEach(key -> file.inside(key).ifPresent(ARGUMENT_KEYS::check));
    file.inside("modality_config").ifPresent(TransformerSettings::requireTextAlone);
    return new TransformerSettings(
        file.optionalInteger("max_seq_length"), file.flag("do_lower_case", false));
  }

  private static void requireTextAlone(ConfigFile modalities) {
    MODALITIES.check(modalities);
    modalities.inside("text").ifPresent(TEXT::check);
  }

  /** The limit that the tokenizer's own settings state, under its new or its old name. */
  static Optional<Integer> tokenizerLimit(CheckpointFiles files) {
    return files
        .json(TokenizerConfig.FILE)
        .map(json -> new ConfigFile(TokenizerConfig.FILE, json))
        .flatMap(
            file ->
                file.optionalLimit(
                    file.values().has("model_max_length") ? "model_max_length" : "max_len"));
  }
}
