package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sparkgbert.convert.checkpoint.Quoted;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.KnownKeys;

/**
 * What {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json}
 * say about a tokenizer. Each key is honoured, known not to change token ids, or refused.
 *
 * <p><b>Source:</b> the loading of tokenizers in transformers 5.
 */
final class TokenizerConfig {
  static final String FILE = "tokenizer_config.json";
  private static final String SPECIAL_FILE = "special_tokens_map.json";
  private static final String ADDED_FILE = "added_tokens.json";
  private static final String DECODER = "added_tokens_decoder";
  private static final List<String> EXTRAS =
      List.of("additional_special_tokens", "extra_special_tokens");

  private static final KnownKeys SPECIAL_KEYS =
      KnownKeys.NONE
          .optional(TokenizerClass.NAMED.toArray(String[]::new))
          .optional(EXTRAS.toArray(String[]::new));

  private static final KnownKeys KEYS =
      SPECIAL_KEYS
          .optional("add_prefix_space", DECODER, "auto_map", "do_lower_case", "max_len")
          .optional("model_input_names", "model_max_length", "strip_accents")
          .optional("tokenize_chinese_chars", "tokenizer_class")
          .only("clean_text", "true", "null")
          .only("do_basic_tokenize", "true", "null")
          .only("fast_tokenizer_files", "[\"tokenizer.json\"]", "[]", "null")
          .only("from_slow", "false", "null")
          .only("init_inputs", "[]", "null")
          .only("padding_side", "\"right\"")
          .only("sp_model_kwargs", "{}", "null")
          .only("split_special_tokens", "false")
          .only("truncation_side", "\"right\"")
          .only("wordpieces_prefix", "\"##\"")
          // These change no token id when a single text is read.
          .harmless("_commit_hash", "_from_auto", "add_bos_token", "add_eos_token")
          .harmless("added_tokens_file", "backend", "bos_token_id", "cache_dir", "chat_template")
          .harmless("chat_template_file", "clean_up_tokenization_spaces", "cls_token_id")
          .harmless("device_map", "eos_token_id", "errors", "files_loaded", "force_download")
          .harmless("full_tokenizer_file", "is_local", "language", "legacy", "local_files_only")
          .harmless("mask_token_id", "max_length", "max_model_input_sizes", "merges_file")
          .harmless("model_type", "name_or_path", "never_split", "pad_to_multiple_of")
          .harmless("pad_token_id", "pad_token_type_id", "padding", "processor_class", "proxies")
          .harmless("resume_download", "return_token_type_ids", "revision", "sep_token_id")
          .harmless("special_tokens_map_file", "stride", "subfolder", "tokenizer_config_file")
          .harmless("tokenizer_file", "tokenizer_type", "torch_dtype", "transformers_version")
          .harmless("trim_offsets", "truncation", "truncation_strategy", "trust_remote_code")
          .harmless("unk_id", "unk_token_id", "use_fast", "user_agent", "verbose", "vocab_file")
          .harmless("vocab_size");

  private final CheckpointFiles snapshot;
  private final ConfigFile config;

  /** Tokens whose ids are given, by id, if {@code tokenizer.json} is not asked too. */
  private final SortedMap<Integer, AddedToken> declared = new TreeMap<>();

  private final Map<Integer, String> sources = new LinkedHashMap<>();

  /** Special tokens by name, and lists of others. */
  private final Map<String, JsonNode> special = new LinkedHashMap<>();

  private final Map<String, String> specialSources = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException if a key or a value is not known
   */
  TokenizerConfig(CheckpointFiles snapshot) {
    this.snapshot = snapshot;
    this.config = new ConfigFile(FILE, object(FILE));
    KEYS.check(config);
    requireInputs();
    readSpecial(FILE, config.values());
    if (config.has(DECODER)) {
      readDecoder();
    } else {
      ObjectNode map = object(SPECIAL_FILE);
      SPECIAL_KEYS.check(new ConfigFile(SPECIAL_FILE, map));
      readSpecial(SPECIAL_FILE, map);
      readAddedTokens();
    }
  }

  private ObjectNode object(String file) {
    JsonNode json = snapshot.json(file).orElseGet(CheckpointFiles.mapper()::createObjectNode);
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("Cannot read %s: it must be an object".formatted(file));
  }

  private void requireInputs() {
    List<String> names = new ArrayList<>();
    config.values().path("model_input_names").forEach(name -> names.add(name.asText()));
    if (config.has("model_input_names")
        && !names.containsAll(List.of("input_ids", "attention_mask"))) {
      throw new IllegalArgumentException(
          "Cannot import model: in %s model_input_names must have input_ids and attention_mask,"
                  .formatted(FILE)
              + " found "
              + names);
    }
  }

  private void readSpecial(String file, JsonNode json) {
    for (String key : TokenizerClass.NAMED) {
      if (json.has(key)) {
        special.put(key, json.get(key));
        specialSources.put(key, file);
      }
    }
    for (String key : EXTRAS) {
      JsonNode value = json.path(key);
      if (!value.isMissingNode() && !value.isNull() && !value.isEmpty()) {
        requireSameExtras(file, key, value);
        special.put(key, value);
        specialSources.put(key, file);
      }
    }
  }

  /** Two lists of further special tokens must be the same one. */
  private void requireSameExtras(String file, String key, JsonNode value) {
    for (String other : EXTRAS) {
      JsonNode before = special.get(other);
      if (before != null && !contents(before).equals(contents(value))) {
        throw new IllegalArgumentException(
            "Cannot import model: %s of %s and %s of %s must be the same tokens, found %s and %s"
                .formatted(
                    other,
                    specialSources.get(other),
                    key,
                    file,
                    Quoted.line(contents(before).toString()),
                    Quoted.line(contents(value).toString())));
      }
    }
  }

  private void readDecoder() {
    JsonNode tokens = config.values().get(DECODER);
    for (Map.Entry<String, JsonNode> token : tokens.properties()) {
      String key = DECODER + "." + token.getKey();
      if (!token.getKey().matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException(
            "Cannot read %s: ids in %s must be numbers, found %s"
                .formatted(FILE, DECODER, Quoted.of(token.getKey())));
      }
      declare(
          Integer.parseInt(token.getKey()),
          AddedToken.read(FILE, key, token.getValue()),
          FILE + " (" + DECODER + ")");
    }
  }

  private void readAddedTokens() {
    List<String> specials = new ArrayList<>();
    special.values().forEach(value -> specials.addAll(contents(value)));
    for (Map.Entry<String, JsonNode> token : object(ADDED_FILE).properties()) {
      JsonNode id = token.getValue();
      if (!id.canConvertToInt() || !id.isIntegralNumber() || id.asInt() < 0) {
        throw new IllegalArgumentException(
            "Cannot read %s: the id of %s must be a number, found %s"
                .formatted(ADDED_FILE, Quoted.of(token.getKey()), Quoted.line(id.toString())));
      }
      boolean isSpecial = specials.contains(token.getKey());
      declare(
          id.asInt(),
          new AddedToken(token.getKey(), false, false, false, !isSpecial, isSpecial),
          ADDED_FILE);
    }
  }

  /** The characters of a token or of a list of tokens. */
  private static List<String> contents(JsonNode value) {
    List<String> contents = new ArrayList<>();
    for (JsonNode token : value.isArray() ? value : List.of(value)) {
      contents.add(token.isTextual() ? token.asText() : token.path("content").asText());
    }
    return contents;
  }

  private void declare(int id, AddedToken token, String source) {
    AddedToken before = declared.put(id, token);
    if (before != null && !before.content().equals(token.content())) {
      throw new IllegalArgumentException(
          "Cannot import model: id %d is %s in %s and %s in %s"
              .formatted(
                  id,
                  Quoted.of(before.content()),
                  sources.get(id),
                  Quoted.of(token.content()),
                  source));
    }
    sources.put(id, source);
  }

  /**
   * Takes the added tokens of {@code tokenizer.json} into account.
   *
   * @throws IllegalArgumentException if they contradict those of the other files
   */
  void declareTokensOf(JsonNode tokenizer) {
    boolean complete = config.has(DECODER);
    for (JsonNode json : tokenizer.path("added_tokens")) {
      AddedToken token = AddedToken.read(TokenizerJson.FILE, "added_tokens", json);
      int id = json.path("id").asInt(-1);
      AddedToken other = declared.get(id);
      if (complete && (other == null || !other.content().equals(token.content()))) {
        throw new IllegalArgumentException(
            "Cannot import model: %s adds %s with the id %d, and %s of %s does not"
                .formatted(TokenizerJson.FILE, Quoted.of(token.content()), id, DECODER, FILE));
      }
      if (!complete) {
        declare(id, token, TokenizerJson.FILE);
      }
    }
  }

  /** Tokens whose ids are given, by id. */
  SortedMap<Integer, AddedToken> declared() {
    return declared;
  }

  /** The file that gives the id of a token. */
  String source(int id) {
    return sources.get(id);
  }

  /** The file that names a special token, empty if none does. */
  Optional<String> source(String name) {
    return Optional.ofNullable(specialSources.get(name));
  }

  /** The special tokens that have a name, in the order in which they are added. */
  Map<String, AddedToken> named(TokenizerClass kind) {
    Map<String, AddedToken> named = new LinkedHashMap<>();
    for (String name : TokenizerClass.NAMED) {
      JsonNode value = special.get(name);
      if (value != null && !value.isNull()) {
        named.put(name, named(kind, name, value));
      } else if (value == null && kind.defaults().containsKey(name)) {
        named.put(name, kind.special(name, kind.defaults().get(name)));
      }
    }
    return named;
  }

  private AddedToken named(TokenizerClass kind, String name, JsonNode value) {
    AddedToken token =
        value.isTextual()
            ? kind.special(name, value.asText())
            : AddedToken.read(specialSources.get(name), name, value).asSpecial();
    return declared.values().stream()
        .filter(each -> each.content().equals(token.content()))
        .reduce((first, second) -> second)
        .orElse(token);
  }

  /** What of the files is not used. */
  List<String> notes() {
    return config.has("auto_map")
        ? List.of(FILE + " names code in auto_map, which is never run")
        : List.of();
  }

  /** Whether a file lists special tokens without a name. */
  boolean hasExtras() {
    return EXTRAS.stream().anyMatch(special::containsKey);
  }

  /** The special tokens without a name. */
  List<AddedToken> extras(TokenizerClass kind) {
    List<AddedToken> extras = new ArrayList<>();
    for (String key : EXTRAS) {
      JsonNode values = special.get(key);
      if (values != null && !values.isArray()) {
        throw new IllegalArgumentException(
            "Cannot import model: in %s %s must be a list of tokens, found %s"
                .formatted(specialSources.get(key), key, Quoted.line(values.toString())));
      }
      for (JsonNode value : values == null ? List.<JsonNode>of() : values) {
        extras.add(
            value.isTextual()
                ? AddedToken.special(value.asText())
                : AddedToken.read(specialSources.get(key), key, value).asSpecial());
      }
    }
    if (extras.isEmpty()) {
      kind.defaultExtras().forEach(content -> extras.add(AddedToken.special(content)));
    }
    return extras;
  }

  /** The tokenizer's class: as it is named here or in {@code config.json}, or the model's own. */
  TokenizerClass tokenizerClass() {
    String modelFile = "config.json";
    ConfigFile model = new ConfigFile(modelFile, object(modelFile));
    String type = model.text("model_type", "");
    Optional<String> named = config.optionalText("tokenizer_class");
    return named.isPresent()
        ? TokenizerClass.of(named, FILE, type)
        : TokenizerClass.of(model.optionalText("tokenizer_class"), modelFile, type);
  }

  /** A setting that is true or false. */
  boolean flag(String key, boolean otherwise) {
    return config.flag(key, otherwise);
  }

  /** A setting that is true, false or not given. */
  Optional<Boolean> optionalFlag(String key) {
    return config.optionalFlag(key);
  }
}
