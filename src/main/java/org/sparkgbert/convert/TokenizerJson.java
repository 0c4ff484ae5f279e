package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.convert.encoder.ConfigFile;

/**
 * The {@code tokenizer.json} of a checkpoint: as it is, or built from {@code vocab.txt}, with
 * Hugging Face's rules for casing and accents.
 *
 * <p>What {@code tokenizer_config.json} says about casing, accents and Chinese characters takes
 * precedence over a BERT normalizer in {@code tokenizer.json}. If neither mentions accents, they
 * are stripped when letters are lower-cased, and kept otherwise.
 */
final class TokenizerJson {
  private static final String FILE = "tokenizer.json";
  private static final String VOCABULARY = "vocab.txt";

  private final CheckpointFiles snapshot;
  private final ConfigFile config;

  private TokenizerJson(CheckpointFiles snapshot) {
    this.snapshot = snapshot;
    this.config =
        new ConfigFile(
            "tokenizer_config.json",
            snapshot
                .json("tokenizer_config.json")
                .orElseGet(() -> CheckpointFiles.mapper().createObjectNode()));
  }

  /**
   * Returns the file's content.
   *
   * @param lowerCaseFirst whether texts are lower-cased before anything else
   * @throws IllegalArgumentException if neither file exists, or one is damaged
   */
  static byte[] read(CheckpointFiles snapshot, boolean lowerCaseFirst) {
    TokenizerJson reader = new TokenizerJson(snapshot);
    ObjectNode tokenizer = reader.readOrBuild();
    if (lowerCaseFirst) {
      lowerCaseFirst(tokenizer);
    }
    return withoutLimits(tokenizer);
  }

  /**
   * Reads a {@code tokenizer.json} on its own.
   *
   * @throws IllegalArgumentException if the file is missing or not a JSON object
   */
  static byte[] read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("Cannot import model: there is no " + file);
    }
    if (CheckpointFiles.readJson(file) instanceof ObjectNode tokenizer) {
      return withoutLimits(tokenizer);
    }
    throw new IllegalArgumentException("Cannot read %s: it must be an object".formatted(file));
  }

  /** Truncation and padding are left to the encoder. */
  private static byte[] withoutLimits(ObjectNode tokenizer) {
    tokenizer.putNull("truncation").putNull("padding");
    try {
      return CheckpointFiles.mapper().writeValueAsBytes(tokenizer);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + FILE, e);
    }
  }

  private ObjectNode readOrBuild() {
    Optional<JsonNode> file = snapshot.json(FILE);
    if (file.isPresent()) {
      if (file.get() instanceof ObjectNode tokenizer) {
        correctNormalizer(tokenizer);
        return tokenizer;
      }
      throw new IllegalArgumentException("Cannot read %s: it must be an object".formatted(FILE));
    }
    if (!snapshot.has(VOCABULARY)) {
      throw new IllegalArgumentException(
          "Cannot import %s: it has neither %s nor %s"
              .formatted(snapshot.directory(), FILE, VOCABULARY));
    }
    return build(vocabulary());
  }

  private void correctNormalizer(ObjectNode tokenizer) {
    if (tokenizer.path("normalizer").path("type").asText().equals("BertNormalizer")) {
      ObjectNode normalizer = (ObjectNode) tokenizer.get("normalizer");
      config.optionalFlag("do_lower_case").ifPresent(flag -> normalizer.put("lowercase", flag));
      config
          .optionalFlag("tokenize_chinese_chars")
          .ifPresent(flag -> normalizer.put("handle_chinese_chars", flag));
      if (config.values().has("strip_accents")) {
        setStripAccents(normalizer);
      }
    }
  }

  private Map<String, Integer> vocabulary() {
    try {
      Map<String, Integer> ids = new LinkedHashMap<>();
      List<String> lines =
          List.of(
              StandardCharsets.UTF_8
                  .newDecoder()
                  .decode(ByteBuffer.wrap(CheckpointFiles.readBytes(snapshot.resolve(VOCABULARY))))
                  .toString()
                  .split("\r?\n", -1));
      int count = lines.get(lines.size() - 1).isEmpty() ? lines.size() - 1 : lines.size();
      for (String word : lines.subList(0, count)) {
        Integer before = ids.put(word, ids.size());
        if (before != null) {
          throw new IllegalArgumentException(
              "Cannot read %s: words must differ, found '%s' in lines %d and %d"
                  .formatted(VOCABULARY, word, before + 1, ids.size() + 1));
        }
      }
      return ids;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot read %s: %s".formatted(VOCABULARY, e.toString()), e);
    }
  }

  private ObjectNode build(Map<String, Integer> ids) {
    ObjectNode tokenizer = CheckpointFiles.mapper().createObjectNode().put("version", "1.0");
    String unknown = special("unk_token", "[UNK]", ids);
    String first = special("cls_token", "[CLS]", ids);
    String last = special("sep_token", "[SEP]", ids);
    ArrayNode added = tokenizer.putArray("added_tokens");
    for (String token :
        List.of(
            special("pad_token", "[PAD]", ids),
            unknown,
            first,
            last,
            special("mask_token", "[MASK]", ids))) {
      added
          .addObject()
          .put("id", ids.get(token))
          .put("content", token)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    tokenizer.set("normalizer", normalizer());
    tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    tokenizer.set("post_processor", postProcessor(first, last, ids));
    tokenizer
        .putObject("decoder")
        .put("type", "WordPiece")
        .put("prefix", "##")
        .put("cleanup", true);
    ObjectNode model =
        tokenizer
            .putObject("model")
            .put("type", "WordPiece")
            .put("unk_token", unknown)
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", 100);
    ObjectNode vocabulary = model.putObject("vocab");
    ids.forEach(vocabulary::put);
    return tokenizer;
  }

  private ObjectNode normalizer() {
    ObjectNode normalizer =
        CheckpointFiles.mapper()
            .createObjectNode()
            .put("type", "BertNormalizer")
            .put("clean_text", true)
            .put("handle_chinese_chars", config.flag("tokenize_chinese_chars", true));
    setStripAccents(normalizer);
    return normalizer.put("lowercase", config.flag("do_lower_case", true));
  }

  /** Null means the same as for lower-casing. */
  private void setStripAccents(ObjectNode normalizer) {
    config
        .optionalFlag("strip_accents")
        .ifPresentOrElse(
            flag -> normalizer.put("strip_accents", flag),
            () -> normalizer.putNull("strip_accents"));
  }

  private String special(String key, String otherwise, Map<String, Integer> ids) {
    JsonNode value = config.values().path(key);
    String token = value.isObject() ? value.path("content").asText() : value.asText(otherwise);
    if (!ids.containsKey(token)) {
      throw new IllegalArgumentException(
          "Cannot read %s: it lacks the %s '%s'".formatted(VOCABULARY, key, token));
    }
    return token;
  }

  private static ObjectNode postProcessor(String first, String last, Map<String, Integer> ids) {
    ObjectNode processor =
        CheckpointFiles.mapper().createObjectNode().put("type", "TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    ArrayNode pair = processor.putArray("pair");
    addSpecial(single, first, 0);
    addSequence(single, "A", 0);
    addSpecial(single, last, 0);
    single.forEach(part -> pair.add(part.deepCopy()));
    addSequence(pair, "B", 1);
    addSpecial(pair, last, 1);
    ObjectNode specials = processor.putObject("special_tokens");
    for (String token : List.of(first, last)) {
      ObjectNode special = specials.putObject(token).put("id", token);
      special.putArray("ids").add(ids.get(token));
      special.putArray("tokens").add(token);
    }
    return processor;
  }

  private static void addSpecial(ArrayNode template, String token, int type) {
    template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
  }

  private static void addSequence(ArrayNode template, String name, int type) {
    template.addObject().putObject("Sequence").put("id", name).put("type_id", type);
  }

  private static void lowerCaseFirst(ObjectNode tokenizer) {
    JsonNode own = tokenizer.get("normalizer");
    ObjectNode sequence = CheckpointFiles.mapper().createObjectNode().put("type", "Sequence");
    ArrayNode normalizers = sequence.putArray("normalizers");
    normalizers.addObject().put("type", "Lowercase");
    if (own != null && !own.isNull()) {
      normalizers.add(own);
    }
    tokenizer.set("normalizer", sequence);
  }
}
