package org.sparkgbert.tokenize;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The components of tokenizers that are opened, each with all keys that it may have besides its
 * type: those that transformers writes for the supported model families, and for models that are
 * common as ONNX files.
 *
 * <p><b>Source:</b> transformers 4.57 and 5, {@code convert_slow_tokenizer} and the tokenizer
 * classes; keys as tokenizers 0.21 to 0.23 and older versions write them.
 */
enum TokenizerComponent {
  NORMALIZERS(Role.NORMALIZER, "Sequence", "normalizers"),
  BERT_NORMALIZER(
      Role.NORMALIZER,
      "BertNormalizer",
      "clean_text",
      "handle_chinese_chars",
      "strip_accents",
      "lowercase"),
  LOWERCASE(Role.NORMALIZER, "Lowercase"),
  NFC(Role.NORMALIZER, "NFC"),
  NFD(Role.NORMALIZER, "NFD"),
  NFKC(Role.NORMALIZER, "NFKC"),
  NFKD(Role.NORMALIZER, "NFKD"),
  NMT(Role.NORMALIZER, "Nmt"),
  PRECOMPILED(Role.NORMALIZER, "Precompiled", "precompiled_charsmap"),
  PREPEND(Role.NORMALIZER, "Prepend", "prepend"),
  REPLACE(Role.NORMALIZER, "Replace", "pattern", "content"),
  STRIP(Role.NORMALIZER, "Strip", "strip_left", "strip_right"),
  STRIP_ACCENTS(Role.NORMALIZER, "StripAccents"),

  PRE_TOKENIZERS(Role.PRE_TOKENIZER, "Sequence", "pretokenizers"),
  BERT_PRE_TOKENIZER(Role.PRE_TOKENIZER, "BertPreTokenizer"),
  BYTE_LEVEL(Role.PRE_TOKENIZER, "ByteLevel", "add_prefix_space", "trim_offsets", "use_regex"),
  DIGITS(Role.PRE_TOKENIZER, "Digits", "individual_digits"),
  METASPACE(
      Role.PRE_TOKENIZER,
      "Metaspace",
      "replacement",
      "prepend_scheme",
      "split",
      "add_prefix_space",
      "str_rep"),
  PUNCTUATION(Role.PRE_TOKENIZER, "Punctuation", "behavior"),
  SPLIT(Role.PRE_TOKENIZER, "Split", "pattern", "behavior", "invert"),
  WHITESPACE(Role.PRE_TOKENIZER, "Whitespace"),
  WHITESPACE_SPLIT(Role.PRE_TOKENIZER, "WhitespaceSplit"),

  BPE(
      Role.MODEL,
      "BPE",
      "dropout",
      "unk_token",
      "continuing_subword_prefix",
      "end_of_word_suffix",
      "fuse_unk",
      "byte_fallback",
      "ignore_merges",
      "vocab",
      "merges"),
  UNIGRAM(Role.MODEL, "Unigram", "unk_id", "vocab", "byte_fallback"),
  WORD_PIECE(
      Role.MODEL,
      "WordPiece",
      "unk_token",
      "continuing_subword_prefix",
      "max_input_chars_per_word",
      "vocab"),

  POST_PROCESSORS(Role.POST_PROCESSOR, "Sequence", "processors"),
  BERT_PROCESSING(Role.POST_PROCESSOR, "BertProcessing", "sep", "cls"),
  BYTE_LEVEL_OFFSETS(
      Role.POST_PROCESSOR, "ByteLevel", "add_prefix_space", "trim_offsets", "use_regex"),
  ROBERTA_PROCESSING(
      Role.POST_PROCESSOR, "RobertaProcessing", "sep", "cls", "trim_offsets", "add_prefix_space"),
  TEMPLATE_PROCESSING(
      Role.POST_PROCESSOR, "TemplateProcessing", "single", "pair", "special_tokens");

  /** What a component does for a tokenizer. */
  enum Role {
    NORMALIZER,
    PRE_TOKENIZER,
    MODEL,
    POST_PROCESSOR;

    /** Its key in {@code tokenizer.json}. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Role role;
  private final String type;
  private final String keys;

  TokenizerComponent(Role role, String type, String... keys) {
    this.role = role;
    this.type = type;
    this.keys = String.join(" ", keys);
  }

  /** The component of a role that has a type; empty if there is none. */
  static Optional<TokenizerComponent> find(Role role, String type) {
    return of(role).filter(component -> component.type.equals(type)).findFirst();
  }

  /** All components of a role. */
  static Stream<TokenizerComponent> of(Role role) {
    return Arrays.stream(values()).filter(component -> component.role == role);
  }

  /** Its type in {@code tokenizer.json}. */
  String type() {
    return type;
  }

  /** Whether it may have a key. */
  boolean has(String key) {
    return key.equals("type") || List.of(keys.split(" ")).contains(key);
  }
}
