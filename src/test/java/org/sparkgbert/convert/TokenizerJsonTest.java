package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;

class TokenizerJsonTest {
  private static final List<String> WORDS =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "Über", "über", "Uber", "uber", "Maß",
          "maß", "中", "##文", "文");

  private static final int ROWS = 1_000;
  private static final String REMEDY =
      " write one with AutoTokenizer.from_pretrained(MODEL).save_pretrained(DIRECTORY) of"
          + " transformers";

  @TempDir Path folder;
  private Path checkpoint;

  @BeforeEach
  void writeVocabulary() throws IOException {
    checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    vocabulary(WORDS);
    model("bert");
  }

  @ParameterizedTest
  @CsvSource({
    // do_lower_case, strip_accents, what becomes of "Über Maß"
    "false, , Über Maß",
    "false, false, Über Maß",
    "false, true, Uber Maß",
    "true, , uber maß",
    "true, true, uber maß",
    "true, false, über maß",
    ", , uber maß",
  })
  void casingAndAccentsFollowTheConfig(Boolean lowerCase, Boolean stripAccents, String expected)
      throws IOException {
    config(json -> json.put("do_lower_case", lowerCase).put("strip_accents", stripAccents));
    assertThat(words("Über Maß")).isEqualTo("[CLS] " + expected + " [SEP]");
  }

  @ParameterizedTest
  @CsvSource({"false, Über Maß", "true, uber maß"})
  void theConfigCorrectsATokenizerJson(boolean lowerCase, String expected) throws IOException {
    config(json -> json.put("do_lower_case", !lowerCase));
    Files.write(checkpoint.resolve("tokenizer.json"), read(false));
    config(json -> json.put("do_lower_case", lowerCase));
    assertThat(words("Über Maß")).isEqualTo("[CLS] " + expected + " [SEP]");
  }

  /** The class's defaults count, not what the file says, unless its class keeps the file. */
  @ParameterizedTest
  @CsvSource({
    ", uber maß",
    "BertTokenizer, uber maß",
    "BertTokenizerFast, uber maß",
    "DistilBertTokenizer, uber maß",
    "ElectraTokenizerFast, uber maß",
    "PreTrainedTokenizerFast, Uber Maß",
    "TokenizersBackend, Uber Maß",
  })
  void aSilentConfigMeansTheDefaultsOfTheClass(String named, String expected) throws IOException {
    config(json -> json.put("do_lower_case", false).put("strip_accents", true));
    Files.write(checkpoint.resolve("tokenizer.json"), read(false));
    Files.delete(checkpoint.resolve("tokenizer_config.json"));
    assertThat(words("Über Maß")).isEqualTo("[CLS] uber maß [SEP]");
    config(json -> json.put("tokenizer_class", named));
    assertThat(words("Über Maß")).isEqualTo("[CLS] " + expected + " [SEP]");
  }

  @Test
  void aKeptFileIsNotChanged() throws IOException {
    JsonNode before =
        CheckpointFiles.readJson(TestCheckpoints.FOLDER.resolve("xlmr-unigram/tokenizer.json"));
    Files.writeString(checkpoint.resolve("tokenizer.json"), before.toString());
    config(
        json ->
            json.put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("do_lower_case", true)
                .put("strip_accents", true));
    assertThat(CheckpointFiles.mapper().readTree(read(false)).get("normalizer"))
        .isEqualTo(before.get("normalizer"));
  }

  @Test
  void chineseCharactersStandAloneUnlessTheConfigSaysElse() throws IOException {
    assertThat(words("中文")).isEqualTo("[CLS] 中 文 [SEP]");
    config(json -> json.put("tokenize_chinese_chars", false));
    assertThat(words("中文")).isEqualTo("[CLS] 中 ##文 [SEP]");
  }

  @Test
  void lowerCasingFirstComesBeforeACasedNormalizer() throws IOException {
    config(json -> json.put("do_lower_case", false));
    JsonNode normalizer = CheckpointFiles.mapper().readTree(read(true)).get("normalizer");
    assertThat(normalizer.get("normalizers").get(0).get("type").asText()).isEqualTo("Lowercase");
    assertThat(words("ÜBER Maß", read(true))).isEqualTo("[CLS] über maß [SEP]");
  }

  @Test
  void limitsOfATokenizerJsonAreTakenAway() throws IOException {
    Path source = TestCheckpoints.FOLDER.resolve("dot-similarity");
    JsonNode stored = CheckpointFiles.readJson(source.resolve("tokenizer.json"));
    assertThat(stored.get("truncation").isObject()).isTrue();
    JsonNode read =
        CheckpointFiles.mapper()
            .readTree(TokenizerJson.read(new CheckpointFiles(source), false, ROWS).content());
    assertThat(read.get("truncation").isNull()).isTrue();
    assertThat(read.get("padding").isNull()).isTrue();
  }

  @Test
  void specialTokensMayHaveOtherNames() throws IOException {
    List<String> words = new ArrayList<>(WORDS);
    words.set(2, "<s>");
    vocabulary(words);
    assertRefused("Cannot read vocab.txt: it lacks the cls_token '[CLS]'");
    config(json -> json.putObject("cls_token").put("content", "<s>"));
    assertThat(words("uber", read(false), words)).isEqualTo("<s> uber [SEP]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pad_token", "unk_token", "cls_token", "sep_token", "mask_token"})
  void aMissingSpecialTokenIsNamed(String key) throws IOException {
    config(json -> json.put(key, "[FEHLT]"));
    assertRefused("Cannot read vocab.txt: it lacks the %s '[FEHLT]'".formatted(key));
  }

  @Test
  void codeThatIsNotRunGetsANote() {
    config(json -> json.putObject("auto_map").putArray("AutoTokenizer").add("a.B").addNull());
    assertThat(TokenizerJson.read(new CheckpointFiles(checkpoint), false, ROWS).notes())
        .containsExactly("tokenizer_config.json names code in auto_map, which is never run");
  }

  @Test
  void ofAWordTwiceTheLaterOneCountsAndANoteSaysSo() throws IOException {
    List<String> words = new ArrayList<>(WORDS);
    words.add("uber");
    vocabulary(words);
    ImportedTokenizer read = TokenizerJson.read(new CheckpointFiles(checkpoint), false, ROWS);
    assertThat(read.notes())
        .containsExactly(
            "vocab.txt has words twice, the later one counts: 'uber' in lines 9 and 15");
    JsonNode vocabulary =
        CheckpointFiles.mapper().readTree(read.content()).path("model").path("vocab");
    assertThat(vocabulary.get("uber").asInt()).isEqualTo(14);
  }

  @Test
  void aVocabularyOfWindowsIsTheSame() throws IOException {
    byte[] unix = read(false);
    Files.writeString(checkpoint.resolve("vocab.txt"), String.join("\r\n", WORDS));
    assertThat(read(false)).isEqualTo(unix);
  }

  @Test
  void aVocabularyThatIsNotUtf8IsRefused() throws IOException {
    Files.write(checkpoint.resolve("vocab.txt"), "Über".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> read(false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read vocab.txt: ");
  }

  @Test
  void aVocabularyWithoutEndIsRefusedUnread() throws IOException {
    Path file = checkpoint.resolve("vocab.txt");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 32);
    }
    assertRefused(
        "Cannot read %s: it must have at most 67108864 bytes, found 4294967296".formatted(file));
  }

  @Test
  void flagsThatAreNoneAreRefused() throws IOException {
    Files.write(checkpoint.resolve("tokenizer.json"), read(false));
    config(json -> json.put("strip_accents", "ja"));
    String message =
        "Cannot read tokenizer_config.json: strip_accents must be true or false, found \"ja\"";
    assertRefused(message);
    Files.delete(checkpoint.resolve("tokenizer.json"));
    assertRefused(message);
  }

  @Test
  void missingAndWrongFilesAreNamed() throws IOException {
    Files.writeString(checkpoint.resolve("tokenizer.json"), "[]");
    assertRefused("Cannot read tokenizer.json: it must be an object");
    Files.delete(checkpoint.resolve("tokenizer.json"));
    Files.delete(checkpoint.resolve("vocab.txt"));
    assertRefused(
        "Cannot import %s: it has neither tokenizer.json nor vocab.txt, which a BertTokenizer needs;"
                .formatted(checkpoint)
            + REMEDY);
    model("roberta");
    assertRefused(
        "Cannot import %s: it has neither tokenizer.json nor vocab.json with merges.txt, which a"
                .formatted(checkpoint)
            + " RobertaTokenizer needs;"
            + REMEDY);
    model("xlm-roberta");
    assertRefused(
        "Cannot import %s: it has neither tokenizer.json nor sentencepiece.bpe.model, which a"
                .formatted(checkpoint)
            + " XLMRobertaTokenizer needs;"
            + REMEDY);
    model("modernbert");
    assertRefused(
        "Cannot import %s: it has no tokenizer.json, which its tokenizer_class needs;"
                .formatted(checkpoint)
            + REMEDY);
    Path missing = checkpoint.resolve("a-tokenizer.json");
    assertThatThrownBy(() -> TokenizerJson.read(missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot import model: there is no " + missing);
  }

  private void vocabulary(List<String> words) throws IOException {
    Files.writeString(checkpoint.resolve("vocab.txt"), String.join("\n", words) + "\n");
  }

  private void model(String type) {
    TestCheckpoints.edit(checkpoint.resolve("config.json"), json -> json.put("model_type", type));
  }

  private void config(Consumer<ObjectNode> change) {
    TestCheckpoints.edit(checkpoint.resolve("tokenizer_config.json"), change);
  }

  private byte[] read(boolean lowerCaseFirst) {
    return TokenizerJson.read(new CheckpointFiles(checkpoint), lowerCaseFirst, ROWS).content();
  }

  private String words(String text) throws IOException {
    return words(text, read(false));
  }

  private String words(String text, byte[] tokenizer) throws IOException {
    return words(text, tokenizer, WORDS);
  }

  private String words(String text, byte[] tokenizer, List<String> vocabulary) throws IOException {
    Path file = Files.write(folder.resolve("tokenizer.json"), tokenizer);
    try (SentenceTokenizer opened =
        SentenceTokenizer.open(file, TinyModel.cleaner(), "", 32, LongText.CUT)) {
      List<String> words = new ArrayList<>();
      for (long id : opened.tokenize(text).sequences().get(0)) {
        words.add(vocabulary.get(Math.toIntExact(id)));
      }
      return String.join(" ", words);
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> read(false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
