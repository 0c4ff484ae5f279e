package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizer files that an import does not understand in full are refused with file and key. */
class TokenizerRefusalsTest {
  private static final String CONFIG = "tokenizer_config.json";
  private static final int ROWS = 1_000;

  /** Words of the fixture's vocabulary. */
  private static final int WORDS = 189;

  @TempDir Path folder;

  @BeforeEach
  void copyTokenizer() throws IOException {
    Path base = TestCheckpoints.FOLDER.resolve("bert-plain-hf");
    for (String name : new String[] {"config.json", "tokenizer.json", CONFIG}) {
      Files.copy(base.resolve(name), folder.resolve(name));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "truncation_side | \"left\" | must be right, found 'left'",
        "padding_side | \"left\" | must be right, found 'left'",
        "wordpieces_prefix | \"@@\" | must be ##, found '@@'",
        "split_special_tokens | true | must be false, found 'true'",
        "from_slow | true | must be false, found 'true'",
        "clean_text | false | must be true, found 'false'",
        "do_basic_tokenize | false | must be true, found 'false'",
        "sp_model_kwargs | {\"a\":1} | must be {}, found '{\"a\":1}'",
        "init_inputs | [1] | must be [], found '[1]'",
        "fast_tokenizer_files | [\"t.json\"] | must be [tokenizer.json] or [], found '[\"t.json\"]'",
        "model_input_names | [\"input_ids\"] | must have input_ids and attention_mask, found"
            + " [input_ids]",
      })
  void valuesThatChangeTokenIdsAreRefused(String key, String value, String rule)
      throws IOException {
    JsonNode json = CheckpointFiles.mapper().readTree(value);
    edit(CONFIG, config -> config.set(key, json));
    assertRefused("Cannot import model: in tokenizer_config.json %s %s".formatted(key, rule));
  }

  @Test
  void unknownKeysAreRefusedByName() {
    edit(CONFIG, config -> config.put("byte_mode", false));
    assertRefusedWith("in tokenizer_config.json the key 'byte_mode' is unknown");
    edit(CONFIG, config -> config.without("byte_mode"));
    edit("special_tokens_map.json", map -> map.put("image_token", "<image>"));
    assertRefusedWith("in special_tokens_map.json the key 'image_token' is unknown");
  }

  @Test
  void unknownKeysOfTheFileItselfAreRefused() {
    edit("tokenizer.json", json -> json.put("stemmer", "german"));
    assertRefusedWith("in tokenizer.json the key 'stemmer' is unknown");
    edit("tokenizer.json", json -> json.without("stemmer"));
    edit("tokenizer.json", json -> model(json).put("sampling", true));
    assertRefusedWith("in model of tokenizer.json the key 'sampling' is unknown");
    edit("tokenizer.json", json -> model(json).without("sampling"));
    edit("tokenizer.json", json -> ((ObjectNode) json.get("added_tokens").get(0)).put("x", 1));
    assertRefused("Cannot read tokenizer.json: added_tokens has the unknown key 'x'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncation", "padding"})
  void limitsOnTheLeftAreRefused(String key) {
    edit("tokenizer.json", json -> json.putObject(key).put("direction", "Left"));
    assertRefused(
        "Cannot import model: %s.direction of tokenizer.json is not supported, it must be Right,"
                .formatted(key)
            + " found Left");
  }

  @Test
  void aClassThatIsNotKnownIsRefused() {
    edit(CONFIG, config -> config.put("tokenizer_class", "BertJapaneseTokenizer"));
    assertRefusedWith("tokenizer_config.json has the tokenizer_class BertJapaneseTokenizer");
    edit(CONFIG, config -> config.without("tokenizer_class"));
    edit("config.json", config -> config.put("tokenizer_class", "LlamaTokenizerFast"));
    assertRefusedWith("config.json has the tokenizer_class LlamaTokenizerFast");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/model | max_input_chars_per_word | 5 | model's max_input_chars_per_word 5",
        "/model | continuing_subword_prefix | \"@@\" | model's continuing_subword_prefix \"@@\"",
        "/model | unk_token | \"[MASK]\" | model's unk_token \"[MASK]\"",
        "/model | type | \"WordLevel\" | model WordLevel",
        "/normalizer | clean_text | false | normalizer's clean_text false",
        "/normalizer | type | \"Lowercase\" | normalizer Lowercase",
        "/pre_tokenizer | type | \"Whitespace\" | pre_tokenizer Whitespace",
      })
  void partsThatTheClassReplacesAreRefusedWithARemedy(
      String part, String key, String value, String found) throws IOException {
    JsonNode json = CheckpointFiles.mapper().readTree(value);
    edit("tokenizer.json", tokenizer -> ((ObjectNode) tokenizer.at(part)).set(key, json));
    assertRefused(
        "Cannot import model: tokenizer.json has the %s, which BertTokenizer, the tokenizer's"
                .formatted(found)
            + " class, leaves out; to keep it, set tokenizer_class to PreTrainedTokenizerFast in"
            + " tokenizer_config.json");
  }

  @Test
  void otherSpecialTokensAroundATextAreRefused() {
    edit(
        "tokenizer.json",
        json -> {
          ObjectNode processor = json.putObject("post_processor").put("type", "BertProcessing");
          processor.putArray("cls").add("[CLS]").add(2);
          processor.putArray("sep").add("[PAD]").add(0);
        });
    assertRefusedWith("post_processor with the tokens [[CLS], [PAD]] instead of [[CLS], [SEP]]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Lowercase", "NFKC", "StripAccents"})
  void aNormalizerThatXlmRobertaLeavesOutIsRefused(String type) throws IOException {
    Path base = TestCheckpoints.FOLDER.resolve("xlmr-unigram");
    for (String name : new String[] {"config.json", "tokenizer.json"}) {
      Files.write(folder.resolve(name), Files.readAllBytes(base.resolve(name)));
    }
    edit(CONFIG, config -> config.put("tokenizer_class", "XLMRobertaTokenizer"));
    edit(
        "tokenizer.json",
        json -> ((ObjectNode) json.at("/normalizer/normalizers/0")).put("type", type));
    assertRefusedWith(
        "tokenizer.json has the normalizer %s, which XLMRobertaTokenizer".formatted(type));
  }

  @Test
  void anIdThatTheTokenWouldNotGetIsRefused() {
    edit("added_tokens.json", added -> added.put("Wetter", 1_500));
    assertRefused(
        "Cannot import model: added_tokens.json gives 'Wetter' the id 1500, but with a vocabulary"
            + " of 189 it gets 189");
    edit("added_tokens.json", added -> added.removeAll().put("Wetter", "1500"));
    assertRefused(
        "Cannot read added_tokens.json: the id of 'Wetter' must be a number, found \"1500\"");
    edit("added_tokens.json", added -> added.removeAll().put("Wetter", 4));
    assertRefusedWith("id 4 is 'Wetter' in added_tokens.json and '[MASK]' in tokenizer.json");
  }

  @Test
  void tokensOfTheFileThatTheConfigDoesNotKnowAreRefused() {
    edit(
        CONFIG,
        config ->
            config
                .putObject("added_tokens_decoder")
                .putObject(String.valueOf(WORDS))
                .put("content", "Wetter"));
    assertRefused(
        "Cannot import model: tokenizer.json adds '[PAD]' with the id 0, and added_tokens_decoder"
            + " of tokenizer_config.json does not");
    edit(CONFIG, config -> config.putObject("added_tokens_decoder").putObject("-1"));
    assertRefusedWith("ids in added_tokens_decoder must be numbers, found '-1'");
    edit(CONFIG, config -> config.putObject("added_tokens_decoder").put("1", "Wetter"));
    assertRefusedWith("added_tokens_decoder.1 must be a token with a content");
  }

  @Test
  void listsOfSpecialTokensMustAgree() {
    edit(CONFIG, config -> config.putArray("additional_special_tokens").add("a"));
    edit("special_tokens_map.json", map -> map.putArray("additional_special_tokens").add("b"));
    assertRefused(
        "Cannot import model: additional_special_tokens of tokenizer_config.json and"
            + " additional_special_tokens of special_tokens_map.json must be the same tokens, found"
            + " [a] and [b]");
    edit(CONFIG, config -> config.without("additional_special_tokens"));
    edit(CONFIG, config -> config.putObject("extra_special_tokens").put("image", "<i>"));
    edit("special_tokens_map.json", ObjectNode::removeAll);
    assertRefusedWith("in tokenizer_config.json extra_special_tokens must be a list of tokens");
  }

  @Test
  void mergesThatAreLeftOutAtRandomAreRefused() {
    edit("tokenizer.json", json -> model(json).removeAll().put("type", "BPE").put("dropout", 0.1));
    assertRefused(
        "Cannot import model: in model of tokenizer.json dropout must be null, found '0.1'");
  }

  @Test
  void damagedVocabulariesAreNamed() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    Files.delete(folder.resolve(CONFIG));
    edit("config.json", config -> config.put("model_type", "roberta"));
    Files.writeString(folder.resolve("vocab.json"), "{\"<s>\": 0, \"</s>\": 1}");
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\na b c\n");
    assertRefused("Cannot read merges.txt: a line must have two parts, found 'a b c' in line 2");
    Files.writeString(folder.resolve("vocab.json"), "{\"<s>\": \"0\"}");
    assertRefused("Cannot read vocab.json: each word must have a number, found \"0\"");
    edit("config.json", config -> config.put("model_type", "xlm-roberta"));
    Path pieces = folder.resolve("sentencepiece.bpe.model");
    Files.write(pieces, new byte[] {7, 7, 7});
    assertRefusedWith("Cannot read sentencepiece.bpe.model: it is not a SentencePiece model");
    Files.write(pieces, new byte[] {0x12, 2, 0x18, 2});
    assertRefused(
        "Cannot read sentencepiece.bpe.model: its model must be Unigram (type 1), found type 2");
    Files.write(pieces, new byte[] {0x12, 2, 0x18, 1});
    assertRefused("Cannot read sentencepiece.bpe.model: it must have more than 3 pieces, found 0");
  }

  /** Special tokens that only a class's defaults name have no row to read in a small table. */
  @Test
  void defaultTokensWithoutAnEmbeddingAreLeftOut() throws IOException {
    Path base = TestCheckpoints.FOLDER.resolve("roberta");
    for (String name : new String[] {"config.json", "tokenizer.json"}) {
      Files.write(folder.resolve(name), Files.readAllBytes(base.resolve(name)));
    }
    Files.delete(folder.resolve(CONFIG));
    edit("tokenizer.json", json -> ((ArrayNode) json.get("added_tokens")).remove(4));
    assertThat(addedTokens(320)).doesNotContain("<mask>");
    assertThat(addedTokens(321)).contains("<mask>");
  }

  private String addedTokens(int rows) throws IOException {
    ImportedTokenizer read = TokenizerJson.read(new CheckpointFiles(folder), false, rows);
    return CheckpointFiles.mapper().readTree(read.content()).get("added_tokens").toString();
  }

  private static ObjectNode model(ObjectNode tokenizer) {
    return (ObjectNode) tokenizer.get("model");
  }

  private void edit(String file, Consumer<ObjectNode> change) {
    TestCheckpoints.edit(folder.resolve(file), change);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::read).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  private void assertRefusedWith(String part) {
    assertThatThrownBy(this::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot ")
        .hasMessageContaining(part);
  }

  private void read() {
    TokenizerJson.read(new CheckpointFiles(folder), false, ROWS);
  }
}
