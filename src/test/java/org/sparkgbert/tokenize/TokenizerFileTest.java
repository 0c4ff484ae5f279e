package org.sparkgbert.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;

class TokenizerFileTest {
  @TempDir Path folder;

  @Test
  void theTokenizersOfAllTestCheckpointsAndTheDefaultModelAreKnown() throws IOException {
    try (Stream<Path> files = Files.walk(TinyModel.DIRECTORY.getParent())) {
      assertThat(files.filter(file -> file.endsWith("tokenizer.json")))
          .hasSizeGreaterThan(8)
          .allSatisfy(file -> TokenizerFile.require(file, "Cannot open, "));
    }
    TokenizerFile.require(TinyModel.DEFAULT_MODEL.resolve("tokenizer.json"), "Cannot open, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalizer | {'type': 'Precompiled', 'precompiled_charsmap': '%s'}",
        "normalizer | {'type': 'Sequence', 'normalizers': [{'type': 'NFKC'}, {'type': 'Strip', 'strip_left': false, 'strip_right': true}, {'type': 'Replace', 'pattern': {'Regex': ' {2,}'}, 'content': '▁'}]}",
        "normalizer | {'type': 'Replace', 'pattern': {'String': '``'}, 'content': '\\\"'}",
        "pre_tokenizer | {'type': 'Metaspace', 'replacement': '▁', 'str_rep': '▁', 'add_prefix_space': true}",
        "pre_tokenizer | {'type': 'Sequence', 'pretokenizers': [{'type': 'WhitespaceSplit'}, {'type': 'Digits', 'individual_digits': true}]}",
        "post_processor | {'type': 'RobertaProcessing', 'sep': ['[SEP]', 3], 'cls': ['[CLS]', 2], 'trim_offsets': true, 'add_prefix_space': false}",
      })
  void whatSupportedFamiliesUseIsKnown(String key, String part) throws IOException {
    String charsMap = Base64.getEncoder().encodeToString(CharsMaps.ofA(0, "b"));
    Path file = TestTokenizers.with(folder, key, part.replace('\'', '"').replace("%s", charsMap));
    TokenizerFile.require(file, "Cannot open, ");
    open(file).close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pre_tokenizer | {'type': 'Split', 'pattern': {'Regex': '(\\\\w+\\\\s?)+\\\\d$'}, 'behavior': 'Isolated', 'invert': false} | the pre_tokenizer Split has the regular expression '(\\w+\\s?)+\\d$', which no supported model has",
        "pre_tokenizer | {'type': 'Split', 'pattern': {'Regex': '(a+)+$'}, 'behavior': 'Isolated', 'invert': false} | the pre_tokenizer Split has the regular expression '(a+)+$'",
        "pre_tokenizer | {'type': 'Sequence', 'pretokenizers': [{'type': 'Split', 'pattern': {'Regex': '(a+)+$'}, 'behavior': 'Isolated', 'invert': false}]} | '(a+)+$'",
        "pre_tokenizer | {'type': 'Split', 'pattern': {'String': ''}, 'behavior': 'Isolated', 'invert': false} | the pre_tokenizer Split has an empty pattern",
        "pre_tokenizer | {'type': 'UnicodeScripts'} | its pre_tokenizer is UnicodeScripts, where [Sequence, BertPreTokenizer,",
        "pre_tokenizer | {'type': 'BertPreTokenizer', 'mode': 'new'} | its pre_tokenizer BertPreTokenizer has the unknown key 'mode'",
        "normalizer | {'type': 'Replace', 'pattern': {'Regex': '(a+)+$'}, 'content': ''} | the normalizer Replace has the regular expression '(a+)+$'",
        "normalizer | {'type': 'Replace', 'pattern': {'String': 'a'}, 'content': 'aaaaaaaaa'} | its normalizers make a text 9 times as long, which may be at most 8 times",
        "normalizer | {'type': 'Sequence', 'normalizers': [{'type': 'Replace', 'pattern': {'String': 'a'}, 'content': 'bbb'}, {'type': 'Replace', 'pattern': {'String': 'b'}, 'content': 'aaa'}]} | make a text 9 times as long",
        "normalizer | {'type': 'Replace', 'pattern': {'String': 'a'}, 'content': 7} | the normalizer Replace needs a text of at most 64 characters, found 7",
        "normalizer | {'type': 'Precompiled', 'precompiled_charsmap': 'AAAA'} | its precompiled_charsmap is damaged: it has 3 bytes",
        "normalizer | {'type': 'Precompiled', 'precompiled_charsmap': '%'} | its precompiled_charsmap is not base64",
        "normalizer | {'type': 'ByteLevel'} | its normalizer is ByteLevel, where",
        "normalizer | {} | its normalizer is of no known type",
        "decoder | {'type': 'Replace', 'pattern': {'Regex': '(a+)+$'}, 'content': ''} | the decoder Replace has the regular expression",
        "decoder | {'type': 'Sequence', 'decoders': [{'type': 'Replace', 'pattern': {'Regex': '(a+)+$'}, 'content': ''}]} | the decoder Replace has",
        "model | {'type': 'WordLevel', 'vocab': {'a': 0}, 'unk_token': 'a'} | its model is WordLevel, where [BPE, Unigram, WordPiece] are supported",
        "model | {'type': 'BPE', 'dropout': 0.1, 'vocab': {}, 'merges': []} | its dropout gives a text other tokens each time, found 0.1",
        "model | {'vocab': {}} | its model is of no known type",
        "model | {'type': 'WordPiece', 'max_input_chars_per_word': 65536, 'vocab': {}} | its max_input_chars_per_word must be from 1 to 200, found 65536",
        "post_processor | {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {}} | its post_processor must put at most 16 tokens around one text, found 0 and 2 texts",
        "pre_tokenizer | {'type': 'Split', 'pattern': {'String': 'e'}, 'behavior': 'Removed', 'invert': true} | the pre_tokenizer Split has invert true, which no supported model has; set it to false",
        "model | {'type': 'BPE', 'continuing_subword_prefix': 'e', 'vocab': {}, 'merges': []} | its model BPE has the continuing_subword_prefix \"e\", which no supported model has",
        "model | {'type': 'BPE', 'end_of_word_suffix': '</w>', 'vocab': {}, 'merges': []} | its model BPE has the end_of_word_suffix \"</w>\", which no supported model has",
        "model | {'type': 'BPE', 'end_of_word_suffix': 7, 'vocab': {}, 'merges': []} | its model BPE has the end_of_word_suffix 7",
        "model | {'type': 'WordPiece', 'unk_token': 'a', 'continuing_subword_prefix': '', 'vocab': {'a': 0}} | its continuing_subword_prefix must be printable ASCII such as ##, found \"\"",
        "model | {'type': 'WordPiece', 'unk_token': 'a', 'continuing_subword_prefix': 'ü', 'vocab': {'a': 0}} | its continuing_subword_prefix must be printable ASCII such as ##, found \"ü\"",
        "model | {'type': 'WordPiece', 'unk_token': 'b', 'continuing_subword_prefix': '##', 'vocab': {'a': 0}} | its unk_token must be in its vocab, and named before it, found \"b\"",
        "model | {'type': 'WordPiece', 'vocab': {'a': 0}} | its unk_token must be in its vocab, and named before it, found none",
        "model | {'type': 'Unigram', 'unk_id': null, 'vocab': [['a', 0.0]]} | its unk_id must be the place of a word in its vocab of 1, found null",
        "model | {'type': 'Unigram', 'vocab': [['a', 0.0]]} | its unk_id must be the place of a word in its vocab of 1, found none",
        "model | {'type': 'Unigram', 'unk_id': 1, 'vocab': [['a', 0.0]]} | its unk_id must be the place of a word in its vocab of 1, found 1",
        "model | {'type': 'Unigram', 'unk_id': -1, 'vocab': [['a', 0.0]]} | its unk_id must be the place of a word in its vocab of 1, found -1",
        "post_processor | {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'B', 'type_id': 0}}], 'pair': [], 'special_tokens': {}} | its post_processor's single may have the Sequence A, and each SpecialToken that is in special_tokens, found {\"Sequence\":{\"id\":\"B\"",
        "post_processor | {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {}} | its post_processor's single may have the Sequence A, and each SpecialToken that is in special_tokens, found {\"SpecialToken\":{\"id\":\"[CLS]\"",
        "post_processor | {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}, {'Sequence': {'id': 'B', 'type_id': 0}}], 'special_tokens': {}} | its post_processor's pair may have the Sequence A or B, and each SpecialToken",
        "post_processor | {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {'[CLS]': {'id': '[CLS]', 'ids': [], 'tokens': ['[CLS]']}}} | its post_processor's special_tokens must have [CLS] with this id, and as many ids as tokens, at least one, found",
        "post_processor | {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {'[CLS]': {'id': '[CLS]', 'ids': [], 'tokens': []}}} | as many ids as tokens, at least one, found",
        "post_processor | {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {'[CLS]': {'id': '[CLS]', 'ids': [2, 3], 'tokens': ['[CLS]']}}} | as many ids as tokens, at least one, found",
        "post_processor | {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '[CLS]', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {'[CLS]': {'id': '[SEP]', 'ids': [2], 'tokens': ['[CLS]']}}} | must have [CLS] with this id",
        "future | {} | it has the unknown key 'future'",
      })
  void whatNoSupportedFamilyUsesIsRefusedByName(String key, String part, String reason)
      throws IOException {
    Path file = TestTokenizers.with(folder, key, part.replace('\'', '"'));
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot open tokenizer " + file + ": ")
        .hasMessageContaining(reason);
  }

  /** The native tokenizer would end the JVM at the first text. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type': 'Strip', 'strip_left': true, 'strip_right': true} | \\u0020\\u0020",
        "{'type': 'Sequence', 'normalizers': [{'type': 'NFC'}, {'type': 'Strip', 'strip_left': true, 'strip_right': true}]} | \\u00a0",
        "{'type': 'BertNormalizer', 'clean_text': true, 'handle_chinese_chars': true, 'strip_accents': null, 'lowercase': false} | \\u0001",
        "{'type': 'BertNormalizer', 'clean_text': true, 'handle_chinese_chars': true, 'strip_accents': null, 'lowercase': false} | \\ufffd",
        "{'type': 'Strip', 'strip_left': true, 'strip_right': true} | \\n",
        "{'type': 'StripAccents'} | \\u0301",
        "{'type': 'Nmt'} | \\u007f",
        "{'type': 'Replace', 'pattern': {'String': 'e'}, 'content': ''} | ee",
        "{'type': 'Replace', 'pattern': {'Regex': ' {2,}'}, 'content': ''} | \\u0020\\u0020",
      })
  void addedTokensOfWhichTheNormalizerLeavesNothingAreRefused(String normalizer, String token)
      throws IOException {
    Path file = withAddedToken(normalizer.replace('\'', '"'), token, true);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot open tokenizer %s: its normalizer may leave nothing of the token \""
                .formatted(file))
        .hasMessageNotContaining("\n")
        .hasMessageEndingWith("\" of added_tokens, set normalized to false there");
    open(withAddedToken(normalizer.replace('\'', '"'), token, false)).close();
  }

  /** ModernBERT has tokens of spaces, which NFC keeps. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type': 'NFC'} | \\u0020\\u0020",
        "{'type': 'Strip', 'strip_left': true, 'strip_right': true} | \\u0020Stra\\u00dfe",
        "{'type': 'Replace', 'pattern': {'Regex': ' {2,}'}, 'content': ' '} | <x>",
      })
  void addedTokensOfWhichSomethingIsLeftAreKnown(String normalizer, String token)
      throws IOException {
    open(withAddedToken(normalizer.replace('\'', '"'), token, true)).close();
  }

  private Path withAddedToken(String normalizer, String token, boolean normalized)
      throws IOException {
    String added =
        """
        {"id": 1500, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": %s, "special": false}
        """
            .formatted(token, normalized);
    return TestTokenizers.changed(
        folder,
        json -> {
          json.set("normalizer", TestTokenizers.json(normalizer));
          json.withArray("/added_tokens").add(TestTokenizers.json(added));
        });
  }

  @Test
  void aWordOfAMegabyteIsRefused() throws IOException {
    Path file =
        TestTokenizers.changed(
            folder, json -> json.withObject("/model/vocab").put("a".repeat(1 << 20), 1));
    assertThatThrownBy(() -> TokenizerFile.require(file, "Cannot open, "))
        .hasMessage("Cannot open, it has a word of 1048576 characters, which may be at most 512");
  }

  @Test
  void manyComponentsAreRefused() throws IOException {
    String parts = "{\"type\": \"NFC\"},".repeat(40) + "{\"type\": \"NFC\"}";
    Path file =
        TestTokenizers.with(
            folder, "normalizer", "{\"type\": \"Sequence\", \"normalizers\": [" + parts + "]}");
    assertThatThrownBy(() -> TokenizerFile.require(file, "Cannot open, "))
        .hasMessage("Cannot open, it has more than 32 components");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }
    assertThatThrownBy(() -> TokenizerFile.require(file, "Cannot open, "))
        .hasMessage("Cannot open, it has 3221225472 bytes, which may be at most 67108864");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "7", "{", "{\"model\": 7}", "{\"version\": 1, \"version\": 1}", "{}"})
  void whatIsNoTokenizerIsRefused(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
    assertThatThrownBy(() -> TokenizerFile.require(file, "Cannot open, "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot open, it")
        .hasMessageNotContaining("\n");
  }

  private static SentenceTokenizer open(Path file) {
    return SentenceTokenizer.open(file, TinyModel.cleaner(), "", 128, LongText.CUT);
  }
}
