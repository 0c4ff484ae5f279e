package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sparkgbert.convert.checkpoint.Quoted;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.encoder.KnownKeys;

/**
 * The {@code tokenizer.json} of a checkpoint, made of all its tokenizer files so that token ids are
 * those of transformers 5.
 *
 * <p>The tokenizer's class decides: {@link TokenizerClass#FILE} keeps the file as it is, the others
 * take the vocabulary from it, or from older files, and build the rest themselves. Then come the
 * added tokens of all files.
 */
final class TokenizerJson {
  static final String FILE = "tokenizer.json";

  /** What helps where there is none. */
  static final String WRITE_ONE =
      "write one with AutoTokenizer.from_pretrained(MODEL).save_pretrained(DIRECTORY) of"
          + " transformers";

  private static final KnownKeys KEYS =
      KnownKeys.NONE
          .optional("added_tokens", "model", "normalizer", "padding", "post_processor")
          .optional("pre_tokenizer", "truncation")
          .harmless("decoder", "version");

  private static final KnownKeys MODEL_KEYS =
      KnownKeys.NONE
          .optional("type", "vocab", "byte_fallback")
          .optional("continuing_subword_prefix", "max_input_chars_per_word", "unk_token")
          .optional("end_of_word_suffix", "fuse_unk", "ignore_merges", "merges", "unk_id")
          .only("dropout", "null");

  private final CheckpointFiles snapshot;
  private final TokenizerConfig config;
  private final TokenizerClass kind;
  private final int rows;
  private final List<String> notes = new ArrayList<>();

  private TokenizerJson(CheckpointFiles snapshot, int rows) {
    this.snapshot = snapshot;
    this.config = new TokenizerConfig(snapshot);
    this.kind = config.tokenizerClass();
    this.rows = rows;
    this.notes.addAll(config.notes());
  }

  /**
   * Returns the file's content.
   *
   * @param lowerCaseFirst whether texts are lower-cased before anything else
   * @param rows number of token embeddings; special tokens that no file names need one
   * @throws IllegalArgumentException if a file is missing or damaged, or requires something that is
   *     not supported
   */
  static ImportedTokenizer read(CheckpointFiles snapshot, boolean lowerCaseFirst, int rows) {
    TokenizerJson reader = new TokenizerJson(snapshot, rows);
    ObjectNode tokenizer = reader.read();
    if (lowerCaseFirst) {
      lowerCaseFirst(tokenizer);
    }
    return new ImportedTokenizer(withoutLimits(tokenizer), List.copyOf(reader.notes));
  }

  /**
   * Reads a {@code tokenizer.json} on its own.
   *
   * @throws IllegalArgumentException if the file is missing, not a JSON object, or has an unknown
   *     key
   */
  static byte[] read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("Cannot import model: there is no " + file);
    }
    return withoutLimits(checked(CheckpointFiles.readJson(file), file.toString()));
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

  private ObjectNode read() {
    ObjectNode file = snapshot.json(FILE).map(json -> checked(json, FILE)).orElse(null);
    if (file != null) {
      config.declareTokensOf(file);
    }
    Map<String, AddedToken> special = config.named(kind);
    return kind == TokenizerClass.FILE ? keep(file, special) : build(file, special);
  }

  private static ObjectNode checked(JsonNode json, String name) {
    if (!(json instanceof ObjectNode tokenizer)) {
      throw new IllegalArgumentException("Cannot read %s: it must be an object".formatted(name));
    }
    KEYS.check(new ConfigFile(name, tokenizer));
    requireRight(name, "truncation", tokenizer.path("truncation"));
    requireRight(name, "padding", tokenizer.path("padding"));
    if (tokenizer.path("model").isObject()) {
      MODEL_KEYS.check(new ConfigFile("model of " + name, tokenizer.get("model")));
    }
    return tokenizer;
  }

  private static void requireRight(String file, String key, JsonNode limit) {
    String direction = limit.path("direction").asText("Right");
    if (!direction.equalsIgnoreCase("right")) {
      throw new IllegalArgumentException(
          "Cannot import model: %s.direction of %s is not supported, it must be Right, found %s"
              .formatted(key, file, Quoted.line(direction)));
    }
  }

  /** The type of a model; very old files do not name it. */
  static String modelType(JsonNode model) {
    if (model.has("type")) {
      return model.get("type").asText();
    }
    if (model.has("merges")) {
      return "BPE";
    }
    return model.path("vocab").isArray() ? "Unigram" : "WordPiece";
  }

  /** A part of a tokenizer, or the parts of a sequence; none if it is null. */
  static List<JsonNode> parts(JsonNode part) {
    if (part.isMissingNode() || part.isNull()) {
      return List.of();
    }
    List<JsonNode> parts = new ArrayList<>();
    for (String key : List.of("normalizers", "pretokenizers")) {
      part.path(key).forEach(each -> parts.addAll(parts(each)));
    }
    return part.path("type").asText().equals("Sequence") ? parts : List.of(part);
  }

  /** The special tokens before and behind a text, or what else a post-processor does. */
  static List<String> surroundings(JsonNode processor) {
    List<String> tokens = new ArrayList<>();
    String type = processor.path("type").asText();
    switch (type) {
      case "TemplateProcessing" ->
          processor
              .path("single")
              .forEach(
                  part -> {
                    if (part.has("SpecialToken")) {
                      tokens.add(part.get("SpecialToken").path("id").asText());
                    }
                  });
      case "BertProcessing", "RobertaProcessing" -> {
        tokens.add(processor.path("cls").path(0).asText());
        tokens.add(processor.path("sep").path(0).asText());
      }
      default -> tokens.add(type);
    }
    return tokens;
  }

  private ObjectNode keep(ObjectNode file, Map<String, AddedToken> special) {
    if (file == null) {
      throw new IllegalArgumentException(
          "Cannot import %s: it has no %s, which its tokenizer_class needs; %s"
              .formatted(snapshot.directory(), FILE, WRITE_ONE));
    }
    AddedTokens added = new AddedTokens(AddedTokens.vocabulary(file.path("model")));
    for (JsonNode token : file.path("added_tokens")) {
      added.add(AddedToken.read(FILE, "added_tokens", token), token.path("id").asInt(-1), FILE);
    }
    config.declared().forEach((id, token) -> added.add(token, id, config.source(id)));
    addSpecials(added, special, config.extras(kind));
    addPaddingToken(added, file.path("padding").path("pad_token"));
    file.set("added_tokens", added.json());
    return file;
  }

  /** The token that the file itself fills up with, unless another file names one. */
  private void addPaddingToken(AddedTokens added, JsonNode token) {
    if (token.isTextual() && config.source("pad_token").isEmpty()) {
      addUnlessPresent(added, AddedToken.special(token.asText()), true);
    }
  }

  private ObjectNode build(ObjectNode file, Map<String, AddedToken> special) {
    requireSpecials(special);
    TokenizerParts parts = new TokenizerParts(kind, config, special);
    TokenizerVocabulary vocabulary =
        file == null ? TokenizerVocabulary.read(snapshot, kind, special) : parts.vocabularyOf(file);
    notes.addAll(vocabulary.notes());
    Map<String, Integer> words = AddedTokens.vocabulary(vocabulary.model());
    AddedTokens added = new AddedTokens(words);
    config.declared().forEach((id, token) -> added.add(token, id, config.source(id)));
    requireInVocabulary(vocabulary, special, added);
    boolean ownExtras = !config.hasExtras() && !vocabulary.added().isEmpty();
    addSpecials(added, special, ownExtras ? vocabulary.added() : config.extras(kind));
    ObjectNode tokenizer = parts.build(vocabulary);
    parts.surround(tokenizer, added);
    tokenizer.set("added_tokens", added.json());
    return withoutBlankWord(tokenizer, words.size());
  }

  private void requireSpecials(Map<String, AddedToken> special) {
    for (String name : kind.required()) {
      if (!special.containsKey(name)) {
        throw new IllegalArgumentException(
            "Cannot import model: %s needs a %s, found null in %s"
                .formatted(kind.className(), name, config.source(name).orElseThrow()));
      }
    }
  }

  private void requireInVocabulary(
      TokenizerVocabulary vocabulary, Map<String, AddedToken> special, AddedTokens added) {
    special.forEach(
        (name, token) -> {
          boolean needed = kind.required().contains(name) || config.source(name).isPresent();
          if (needed && added.id(token.content()).isEmpty()) {
            throw new IllegalArgumentException(
                "Cannot read %s: it lacks the %s %s"
                    .formatted(vocabulary.file(), name, Quoted.of(token.content())));
          }
        });
  }

  /** Special tokens with a name, and further ones. */
  private void addSpecials(
      AddedTokens added, Map<String, AddedToken> special, List<AddedToken> extras) {
    special.forEach(
        (name, token) -> addUnlessPresent(added, token, config.source(name).isPresent()));
    extras.forEach(token -> addUnlessPresent(added, token, config.hasExtras()));
  }

  /** A token that no file names and that has no embedding is left out. */
  private void addUnlessPresent(AddedTokens added, AddedToken token, boolean named) {
    if (!added.has(token.content()) && (named || added.idOf(token) < rows)) {
      added.add(token);
    }
  }

  /** Blank lines of a vocabulary count, but no text has such a word. */
  private static ObjectNode withoutBlankWord(ObjectNode tokenizer, int words) {
    boolean appended = false;
    for (JsonNode token : tokenizer.get("added_tokens")) {
      appended |= token.get("id").asInt() >= words;
    }
    if (!appended && tokenizer.get("model").get("vocab") instanceof ObjectNode vocabulary) {
      vocabulary.remove("");
    }
    return tokenizer;
  }

  private static void lowerCaseFirst(ObjectNode tokenizer) {
    JsonNode own = tokenizer.path("normalizer");
    if (parts(own).stream().anyMatch(part -> part.path("type").asText().equals("Lowercase"))) {
      return;
    }
    ObjectNode sequence = CheckpointFiles.mapper().createObjectNode().put("type", "Sequence");
    ArrayNode normalizers = sequence.putArray("normalizers");
    normalizers.addObject().put("type", "Lowercase");
    if (!own.isMissingNode() && !own.isNull()) {
      normalizers.add(own);
    }
    tokenizer.set("normalizer", sequence);
  }
}
