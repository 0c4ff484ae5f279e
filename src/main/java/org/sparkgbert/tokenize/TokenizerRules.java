package org.sparkgbert.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Base64;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.sparkgbert.tokenize.TokenizerComponent.Role;

/**
 * What is allowed in a {@code tokenizer.json}.
 *
 * <p>Lengths count UTF-16 units.
 */
final class TokenizerRules {
  /** Times as long as before that a text may become, besides Unicode's normalization forms. */
  private static final int MOST_GROWTH = 8;

  private static final int MOST_COMPONENTS = 32;
  private static final int LONGEST_TEXT = 64;
  private static final int MOST_TOKENS_AROUND = 16;

  /** Longer words are unknown at once; the time to cut one grows with the square of its length. */
  private static final int LONGEST_WORD_PIECE_WORD = 200;

  private static final Pattern PLAIN = Pattern.compile("[!-~]+");

  private final String refusal;
  private int components;
  private int growth = 1;
  private final RemovableTokens removable = new RemovableTokens();

  /**
   * @param refusal how messages begin, up to what was found
   */
  TokenizerRules(String refusal) {
    this.refusal = refusal;
  }

  IllegalArgumentException refuse(String found) {
    return new IllegalArgumentException(refusal + found);
  }

  void normalizer(JsonNode normalizer) {
    component(Role.NORMALIZER, normalizer, this::normalize);
  }

  private void normalize(TokenizerComponent known, JsonNode normalizer) {
    removable.normalizer(known, normalizer);
    switch (known) {
      case NORMALIZERS -> each(normalizer, "normalizers", this::normalizer);
      case PRECOMPILED -> charsMap(normalizer.path("precompiled_charsmap"));
      case PREPEND -> text("the normalizer Prepend", normalizer.path("prepend"));
      case REPLACE -> replace(normalizer);
      default -> {}
    }
  }

  private void charsMap(JsonNode charsMap) {
    byte[] content;
    try {
      content = Base64.getDecoder().decode(charsMap.asText());
    } catch (IllegalArgumentException e) {
      throw refuse("its precompiled_charsmap is not base64");
    }
    Optional<String> fault = CharsMap.fault(content);
    if (fault.isPresent()) {
      throw refuse("its precompiled_charsmap is damaged: " + fault.get());
    }
  }

  private void replace(JsonNode normalizer) {
    String what = "the normalizer Replace";
    int shortest = pattern(what, normalizer.path("pattern"));
    int content = text(what, normalizer.path("content"));
    growth *= Math.max(1, (content + shortest - 1) / shortest);
    if (growth > MOST_GROWTH) {
      throw refuse(
          "its normalizers make a text %d times as long, which may be at most %d times"
              .formatted(growth, MOST_GROWTH));
    }
  }

  void preTokenizer(JsonNode preTokenizer) {
    component(Role.PRE_TOKENIZER, preTokenizer, this::split);
  }

  private void split(TokenizerComponent known, JsonNode preTokenizer) {
    switch (known) {
      case PRE_TOKENIZERS -> each(preTokenizer, "pretokenizers", this::preTokenizer);
      case SPLIT -> {
        pattern("the pre_tokenizer Split", preTokenizer.path("pattern"));
        if (preTokenizer.path("invert").asBoolean(false)) {
          throw refuse(
              "the pre_tokenizer Split has invert true, which no supported model has; set it to"
                  + " false");
        }
      }
      case METASPACE -> text("the pre_tokenizer Metaspace", preTokenizer.path("replacement"));
      default -> {}
    }
  }

  /**
   * Checks a model; older files do not say its type.
   *
   * @param words number of words of its vocabulary
   * @param hasUnknown whether its {@code unk_token} is one of them
   */
  void model(JsonNode model, int words, boolean hasUnknown) {
    Optional<TokenizerComponent> known =
        model.has("type")
            ? TokenizerComponent.find(Role.MODEL, model.get("type").asText())
            : typeless(model);
    component(Role.MODEL, model, known, this::cut);
    unknown(known.orElseThrow(), model, words, hasUnknown);
  }

  /** Without one, each text with an unknown word fails. */
  private void unknown(TokenizerComponent known, JsonNode model, int words, boolean hasUnknown) {
    if (known == TokenizerComponent.WORD_PIECE && !hasUnknown) {
      throw refuse(
          "its unk_token must be in its vocab, and named before it, found %s"
              .formatted(found(model.path("unk_token"))));
    }
    JsonNode id = model.path("unk_id");
    if (known == TokenizerComponent.UNIGRAM
        && !(id.isIntegralNumber()
            && id.canConvertToInt()
            && id.asInt() >= 0
            && id.asInt() < words)) {
      throw refuse(
          "its unk_id must be the place of a word in its vocab of %d, found %s"
              .formatted(words, found(id)));
    }
  }

  private static String found(JsonNode value) {
    return value.isMissingNode() ? "none" : shortened(value.toString());
  }

  private static Optional<TokenizerComponent> typeless(JsonNode model) {
    if (model.has("merges")) {
      return Optional.of(TokenizerComponent.BPE);
    }
    if (model.has("max_input_chars_per_word")) {
      return Optional.of(TokenizerComponent.WORD_PIECE);
    }
    return model.has("unk_id") ? Optional.of(TokenizerComponent.UNIGRAM) : Optional.empty();
  }

  private void cut(TokenizerComponent known, JsonNode model) {
    affixes(known, model);
    JsonNode longest = model.path("max_input_chars_per_word");
    if (known == TokenizerComponent.WORD_PIECE
        && !longest.isMissingNode()
        && !(longest.canConvertToInt()
            && longest.isIntegralNumber()
            && longest.asInt() >= 1
            && longest.asInt() <= LONGEST_WORD_PIECE_WORD)) {
      throw refuse(
          "its max_input_chars_per_word must be from 1 to %d, found %s"
              .formatted(LONGEST_WORD_PIECE_WORD, longest));
    }
    JsonNode dropout = model.path("dropout");
    if (!dropout.isMissingNode() && !dropout.isNull() && dropout.asDouble(1) != 0) {
      throw refuse("its dropout gives a text other tokens each time, found " + dropout);
    }
  }

  /** BPE takes the prefix off its words without a look at them. */
  private void affixes(TokenizerComponent known, JsonNode model) {
    for (String affix : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
      JsonNode found = model.path(affix);
      if (found.isMissingNode()) {
        continue;
      }
      if (known == TokenizerComponent.WORD_PIECE) {
        if (text("the " + affix, found) == 0 || !PLAIN.matcher(found.asText()).matches()) {
          throw refuse(
              "its %s must be printable ASCII such as ##, found %s".formatted(affix, found));
        }
      } else if (!found.isNull() && !(found.isTextual() && found.asText().isEmpty())) {
        throw refuse(
            "its model %s has the %s %s, which no supported model has"
                .formatted(known.type(), affix, found(found)));
      }
    }
  }

  /**
   * Notes a token that is found before a text is cut; it is checked when all parts are read.
   *
   * @see #finish
   */
  void addedToken(JsonNode token) {
    if (token.path("normalized").asBoolean(false)) {
      removable.token(token.path("content").asText());
    }
  }

  /** Checks what needs all parts. */
  void finish() {
    removable
        .found()
        .ifPresent(
            token -> {
              throw refuse(
                  "its normalizer may leave nothing of the token %s of added_tokens, set"
                          .formatted(shortened(TextNode.valueOf(token).toString()))
                      + " normalized to false there");
            });
  }

  void postProcessor(JsonNode processor) {
    component(Role.POST_PROCESSOR, processor, this::process);
  }

  private void process(TokenizerComponent known, JsonNode processor) {
    switch (known) {
      case POST_PROCESSORS -> each(processor, "processors", this::postProcessor);
      case TEMPLATE_PROCESSING -> template(processor);
      default -> {}
    }
  }

  private void template(JsonNode processor) {
    JsonNode special = processor.path("special_tokens");
    JsonNode single = processor.path("single");
    int texts = sequences(single, "single", Set.of("A"), special);
    if (texts != 1 || single.size() > MOST_TOKENS_AROUND) {
      throw refuse(
          "its post_processor must put at most %d tokens around one text, found %d and %d texts"
              .formatted(MOST_TOKENS_AROUND, single.size() - texts, texts));
    }
    sequences(processor.path("pair"), "pair", Set.of("A", "B"), special);
    special.properties().forEach(token -> specialToken(token.getKey(), token.getValue()));
  }

  /** Checks the parts of a template and returns how many are texts. */
  private int sequences(JsonNode template, String key, Set<String> names, JsonNode special) {
    int texts = 0;
    for (JsonNode part : template) {
      JsonNode name = part.path("Sequence").path("id");
      JsonNode token = part.path("SpecialToken").path("id");
      boolean isText = name.isTextual() && names.contains(name.asText());
      if (part.size() != 1 || !(isText || (token.isTextual() && special.has(token.asText())))) {
        throw refuse(
            "its post_processor's %s may have the Sequence %s, and each SpecialToken that is in"
                    .formatted(key, String.join(" or ", new TreeSet<>(names)))
                + " special_tokens, found "
                + shortened(part.toString()));
      }
      texts += isText ? 1 : 0;
    }
    return texts;
  }

  private void specialToken(String key, JsonNode token) {
    JsonNode ids = token.path("ids");
    if (ids.size() > MOST_TOKENS_AROUND) {
      throw refuse(
          "its post_processor's token %s must be at most %d ids, found %d"
              .formatted(token.path("id"), MOST_TOKENS_AROUND, ids.size()));
    }
    boolean sound =
        key.equals(token.path("id").asText())
            && ids.isArray()
            && !ids.isEmpty()
            && token.path("tokens").isArray()
            && token.path("tokens").size() == ids.size();
    if (!sound) {
      throw refuse(
          "its post_processor's special_tokens must have %s with this id, and as many ids as"
                  .formatted(shortened(key))
              + " tokens, at least one, found "
              + shortened(token.toString()));
    }
  }

  /** It is never used, but the native tokenizer compiles its patterns. */
  void decoder(JsonNode decoder) {
    if (decoder.path("type").asText().equals("Replace")) {
      pattern("the decoder Replace", decoder.path("pattern"));
    }
    for (JsonNode part : decoder.path("decoders")) {
      count();
      decoder(part);
    }
  }

  /** What is to be checked in a component besides its keys. */
  @FunctionalInterface
  private interface Check {
    void check(TokenizerComponent known, JsonNode component);
  }

  private void component(Role role, JsonNode component, Check check) {
    if (!component.isNull()) {
      String type = component.path("type").asText();
      component(role, component, TokenizerComponent.find(role, type), check);
    }
  }

  private void component(
      Role role, JsonNode component, Optional<TokenizerComponent> known, Check check) {
    if (known.isEmpty()) {
      throw refuse(
          "its %s is %s, where %s are supported"
              .formatted(
                  role.key(),
                  component.has("type") ? component.get("type").asText() : "of no known type",
                  TokenizerComponent.of(role).map(TokenizerComponent::type).toList()));
    }
    count();
    for (Iterator<String> keys = component.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!known.get().has(key)) {
        throw refuse(
            "its %s %s has the unknown key '%s'".formatted(role.key(), known.get().type(), key));
      }
    }
    check.check(known.get(), component);
  }

  private void count() {
    components++;
    if (components > MOST_COMPONENTS) {
      throw refuse("it has more than %d components".formatted(MOST_COMPONENTS));
    }
  }

  private void each(JsonNode sequence, String key, Consumer<JsonNode> check) {
    if (!sequence.path(key).isArray()) {
      throw refuse("its Sequence has no %s".formatted(key));
    }
    sequence.path(key).forEach(check);
  }

  /** Checks a pattern and returns the least length of what it matches. */
  private int pattern(String what, JsonNode pattern) {
    if (pattern.has("String")) {
      int length = text(what, pattern.get("String"));
      if (length == 0) {
        throw refuse(what + " has an empty pattern");
      }
      return length;
    }
    String regex = pattern.path("Regex").asText();
    if (!KnownPatterns.hasRegex(regex)) {
      throw refuse(
          "%s has the regular expression '%s', which no supported model has"
              .formatted(what, shortened(regex)));
    }
    return 1;
  }

  private int text(String what, JsonNode text) {
    if (!text.isTextual() || text.asText().length() > LONGEST_TEXT) {
      throw refuse(
          "%s needs a text of at most %d characters, found %s"
              .formatted(what, LONGEST_TEXT, shortened(text.toString())));
    }
    return text.asText().length();
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
  }
}
