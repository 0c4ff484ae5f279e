package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.sparkgbert.convert.checkpoint.Quoted;

/**
 * The parts of a tokenizer that a {@link TokenizerClass} builds: the model around the vocabulary,
 * the normalizer, the pre-tokenizer and the special tokens around a text.
 *
 * <p><b>Source:</b> the tokenizer classes of transformers 5.
 */
final class TokenizerParts {
  /** XLM-RoBERTa's id of words that are not in the vocabulary. */
  private static final int XLM_ROBERTA_UNKNOWN = 3;

  private final TokenizerClass kind;
  private final TokenizerConfig config;
  private final Map<String, AddedToken> special;

  TokenizerParts(TokenizerClass kind, TokenizerConfig config, Map<String, AddedToken> special) {
    this.kind = kind;
    this.config = config;
    this.special = special;
  }

  /** Builds a tokenizer without added tokens. */
  ObjectNode build(TokenizerVocabulary vocabulary) {
    ObjectNode tokenizer = node().put("version", "1.0");
    tokenizer.putArray("added_tokens");
    switch (kind) {
      case BERT, MPNET -> {
        tokenizer.set("normalizer", bertNormalizer());
        tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
      }
      case ROBERTA -> {
        tokenizer.putNull("normalizer");
        tokenizer
            .putObject("pre_tokenizer")
            .put("type", "ByteLevel")
            .put("add_prefix_space", config.flag("add_prefix_space", false))
            .put("trim_offsets", true)
            .put("use_regex", true);
      }
      case XLM_ROBERTA, CAMEMBERT -> {
        setReplacements(tokenizer, vocabulary.normalization());
        tokenizer.set("pre_tokenizer", words());
      }
      case FILE -> throw new IllegalArgumentException("Cannot build a tokenizer of any class");
    }
    tokenizer.putNull("post_processor").putNull("decoder");
    tokenizer.set("model", model(vocabulary));
    return tokenizer;
  }

  private static ObjectNode node() {
    return CheckpointFiles.mapper().createObjectNode();
  }

  private ObjectNode bertNormalizer() {
    ObjectNode normalizer =
        node()
            .put("type", "BertNormalizer")
            .put("clean_text", true)
            .put("handle_chinese_chars", config.flag("tokenize_chinese_chars", true));
    config
        .optionalFlag("strip_accents")
        .ifPresentOrElse(
            flag -> normalizer.put("strip_accents", flag),
            () -> normalizer.putNull("strip_accents"));
    return normalizer.put("lowercase", config.flag("do_lower_case", true));
  }

  private static void setReplacements(ObjectNode tokenizer, String rules) {
    if (rules.isEmpty()) {
      tokenizer.putNull("normalizer");
    } else {
      tokenizer
          .putObject("normalizer")
          .put("type", "Precompiled")
          .put("precompiled_charsmap", rules);
    }
  }

  private ObjectNode words() {
    ObjectNode sequence = node().put("type", "Sequence");
    ArrayNode parts = sequence.putArray("pretokenizers");
    parts.addObject().put("type", "WhitespaceSplit");
    parts
        .addObject()
        .put("type", "Metaspace")
        .put("replacement", "\u2581")
        .put("prepend_scheme", config.flag("add_prefix_space", true) ? "always" : "never")
        .put("split", true);
    return sequence;
  }

  private ObjectNode model(TokenizerVocabulary vocabulary) {
    ObjectNode model = node().put("type", kind.model());
    switch (kind) {
      case BERT, MPNET ->
          model
              .put("unk_token", special.get("unk_token").content())
              .put("continuing_subword_prefix", "##")
              .put("max_input_chars_per_word", 100);
      case ROBERTA ->
          model
              .putNull("dropout")
              .putNull("unk_token")
              .put("continuing_subword_prefix", "")
              .put("end_of_word_suffix", "")
              .put("fuse_unk", false)
              .put("byte_fallback", false)
              .put("ignore_merges", false);
      case XLM_ROBERTA, CAMEMBERT ->
          model.put("unk_id", unknown(vocabulary)).put("byte_fallback", false);
      case FILE -> throw new IllegalArgumentException("Cannot build a model of any class");
    }
    return model.setAll(vocabulary.model());
  }

  private int unknown(TokenizerVocabulary vocabulary) {
    if (kind == TokenizerClass.XLM_ROBERTA) {
      return XLM_ROBERTA_UNKNOWN;
    }
    Map<String, Integer> words = AddedTokens.vocabulary(vocabulary.model());
    return words.getOrDefault(special.get("unk_token").content(), 0);
  }

  /** Puts the class's special tokens around a text. */
  void surround(ObjectNode tokenizer, AddedTokens added) {
    String first = special.get(kind.first()).content();
    String last = special.get(kind.last()).content();
    ObjectNode processor = tokenizer.putObject("post_processor").put("type", "TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    single.addObject().putObject("SpecialToken").put("id", first).put("type_id", 0);
    single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    single.addObject().putObject("SpecialToken").put("id", last).put("type_id", 0);
    ArrayNode pair = processor.putArray("pair").addAll(single.deepCopy());
    pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
    pair.addObject().putObject("SpecialToken").put("id", last).put("type_id", 1);
    ObjectNode specials = processor.putObject("special_tokens");
    for (String token : List.of(first, last)) {
      ObjectNode one = specials.putObject(token).put("id", token);
      OptionalInt id = added.id(token);
      one.putArray("ids").add(id.orElseThrow());
      one.putArray("tokens").add(token);
    }
  }

  /**
   * Takes the vocabulary out of a {@code tokenizer.json} whose other parts this class replaces.
   *
   * @throws IllegalArgumentException if they are others than those that the class or its
   *     predecessors write
   */
  TokenizerVocabulary vocabularyOf(ObjectNode tokenizer) {
    JsonNode model = tokenizer.path("model");
    require("model", TokenizerJson.modelType(model), Set.of(kind.model()));
    requireModel(model);
    List<JsonNode> normalizers = TokenizerJson.parts(tokenizer.path("normalizer"));
    normalizers.forEach(this::requireNormalizer);
    List<JsonNode> splitters = TokenizerJson.parts(tokenizer.path("pre_tokenizer"));
    splitters.forEach(this::requireSplitter);
    if (splitters.isEmpty()) {
      throw contradicts("pre_tokenizer null");
    }
    requireSurroundings(tokenizer.path("post_processor"));
    ObjectNode kept = node();
    for (String key : List.of("vocab", "merges")) {
      if (model.has(key)) {
        kept.set(key, model.get(key));
      }
    }
    return new TokenizerVocabulary(
        kept,
        replacements(tokenizer.path("normalizer")),
        List.of(),
        TokenizerJson.FILE,
        notes(tokenizer));
  }

  private List<String> notes(ObjectNode tokenizer) {
    return tokenizer.path("post_processor").isObject()
        ? List.of()
        : List.of(
            "tokenizer.json has no post_processor: the special tokens of " + kind.className());
  }

  private void requireNormalizer(JsonNode part) {
    Set<String> supported =
        switch (kind) {
          case BERT, MPNET -> Set.of("BertNormalizer");
          case ROBERTA, FILE -> Set.of();
          case XLM_ROBERTA, CAMEMBERT -> Set.of("Precompiled", "Replace", "Strip");
        };
    String type = part.path("type").asText();
    require("normalizer", type, supported);
    if (type.equals("BertNormalizer")) {
      requireValue("normalizer", part, "clean_text", "true");
    }
    if (type.equals("Replace") && !part.path("pattern").path("Regex").asText().equals(" {2,}")) {
      throw contradicts("normalizer's pattern " + part.path("pattern"));
    }
  }

  private void requireSplitter(JsonNode part) {
    Set<String> supported =
        switch (kind) {
          case BERT, MPNET -> Set.of("BertPreTokenizer");
          case ROBERTA -> Set.of("ByteLevel");
          case XLM_ROBERTA, CAMEMBERT -> Set.of("Metaspace", "WhitespaceSplit");
          case FILE -> Set.of();
        };
    String type = part.path("type").asText();
    require("pre_tokenizer", type, supported);
    requireValue("pre_tokenizer", part, "use_regex", "true");
    if (type.equals("Metaspace")) {
      requireValue("pre_tokenizer", part, "replacement", "\u2581");
      requireValue("pre_tokenizer", part, "prepend_scheme", "always");
      requireValue("pre_tokenizer", part, "add_prefix_space", "true");
      requireValue("pre_tokenizer", part, "split", "true");
    }
  }

  private void require(String part, String found, Set<String> supported) {
    if (!supported.contains(found)) {
      throw contradicts("%s %s".formatted(part, found));
    }
  }

  private IllegalArgumentException contradicts(String what) {
    return new IllegalArgumentException(
        "Cannot import model: tokenizer.json has the %s, which %s, the tokenizer's class, leaves"
                .formatted(Quoted.line(what), kind.className())
            + " out; to keep it, set tokenizer_class to PreTrainedTokenizerFast in "
            + TokenizerConfig.FILE);
  }

  private void requireModel(JsonNode model) {
    String part = "model";
    requireValue(
        part, model, "continuing_subword_prefix", kind == TokenizerClass.ROBERTA ? "" : "##");
    requireValue(part, model, "end_of_word_suffix", "");
    requireValue(part, model, "max_input_chars_per_word", "100");
    requireValue(part, model, "byte_fallback", "false");
    requireValue(part, model, "fuse_unk", "false");
    requireValue(part, model, "ignore_merges", "false");
    requireValue(part, model, "dropout", "");
    if (kind == TokenizerClass.BERT || kind == TokenizerClass.MPNET) {
      AddedToken unknown = special.get("unk_token");
      requireValue(part, model, "unk_token", unknown == null ? "" : unknown.content());
    }
    if (kind == TokenizerClass.XLM_ROBERTA) {
      requireValue(part, model, "unk_id", String.valueOf(XLM_ROBERTA_UNKNOWN));
    }
  }

  private void requireValue(String part, JsonNode values, String key, String supported) {
    JsonNode value = values.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.asText().equals(supported)) {
      throw contradicts("%s's %s %s".formatted(part, key, value));
    }
  }

  /** The special tokens around a text must be those of the class. */
  private void requireSurroundings(JsonNode processor) {
    if (processor.isMissingNode() || processor.isNull()) {
      return;
    }
    List<String> own = new ArrayList<>();
    for (String name : List.of(kind.first(), kind.last())) {
      own.add(special.containsKey(name) ? special.get(name).content() : "");
    }
    List<String> found = TokenizerJson.surroundings(processor);
    if (!found.equals(own)) {
      throw contradicts("post_processor with the tokens %s instead of %s".formatted(found, own));
    }
  }

  private static String replacements(JsonNode normalizer) {
    for (JsonNode each :
        normalizer.has("normalizers") ? normalizer.get("normalizers") : List.of(normalizer)) {
      if (each.path("type").asText().equals("Precompiled")) {
        return each.path("precompiled_charsmap").asText("");
      }
    }
    return "";
  }
}
