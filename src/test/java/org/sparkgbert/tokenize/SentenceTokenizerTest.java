package org.sparkgbert.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.TinyModel.Golden;

class SentenceTokenizerTest {
  private static final Path FILE = TinyModel.DIRECTORY.resolve("tokenizer.json");
  private static final long CLS = 2;
  private static final long SEP = 3;

  @Test
  void tokensAreThoseOfTheReference() {
    try (SentenceTokenizer tokenizer = tokenizer("", TinyModel.MAX_SEQ_LENGTH, LongText.CUT)) {
      for (Golden golden : TinyModel.golden()) {
        TokenizedText text = tokenizer.tokenize(golden.text());
        assertThat(text.tokens()).as(golden.text()).isEqualTo(golden.tokens());
        assertThat(text.truncated()).isEqualTo(golden.tokens() > TinyModel.MAX_SEQ_LENGTH);
        assertThat(text.sequences()).hasSize(1);
        assertThat(text.sequences().get(0)).as(golden.text()).isEqualTo(golden.tokenIds());
        assertThat(text.contentTokens()).containsExactly(golden.tokenIds().length - 2);
      }
    }
  }

  @Test
  void tokensOfTheDefaultModelAreThoseOfTheWholeVocabulary() {
    Path file = TinyModel.DEFAULT_MODEL.resolve("tokenizer.json");
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(file, TinyModel.cleaner(), "query: ", 512, LongText.CUT)) {
      for (Golden golden : TinyModel.defaultModelGolden()) {
        TokenizedText text = tokenizer.tokenize(golden.text());
        assertThat(text.tokens()).as(golden.text()).isEqualTo(golden.tokens());
        assertThat(text.sequences().get(0)).as(golden.text()).isEqualTo(golden.tokenIds());
      }
    }
  }

  @Test
  void aCutKeepsTheSpecialTokensAndTheBeginning() {
    long[] whole = ids("Der Zug nach W\u00fcrzburg f\u00e4hrt heute.");
    try (SentenceTokenizer tokenizer = tokenizer("", 7, LongText.CUT)) {
      TokenizedText cut = tokenizer.tokenize("Der Zug nach W\u00fcrzburg f\u00e4hrt heute.");
      long[] expected = Arrays.copyOf(whole, 7);
      expected[6] = SEP;
      assertThat(cut.sequences().get(0)).isEqualTo(expected).startsWith(CLS);
      assertThat(cut.truncated()).isTrue();
      assertThat(cut.tokens()).isEqualTo(whole.length);
      assertThat(cut.contentTokens()).containsExactly(5);
    }
  }

  @Test
  void aTextOfExactlyTheMostTokensIsNotTruncated() {
    String text = "Im Garten bl\u00fchen die Rosen.";
    int tokens = ids(text).length;
    try (SentenceTokenizer fits = tokenizer("", tokens, LongText.CUT);
        SentenceTokenizer tight = tokenizer("", tokens - 1, LongText.CUT)) {
      assertThat(fits.tokenize(text).truncated()).isFalse();
      assertThat(fits.tokenize(text).sequences().get(0)).isEqualTo(ids(text));
      assertThat(tight.tokenize(text).truncated()).isTrue();
    }
  }

  @Test
  void chunksHoldAllTokensInOrderEachAfterThePrompt() {
    String text = TinyModel.texts().get(TinyModel.texts().size() - 1);
    long[] content = content(ids(text));
    long[] prompt = content(ids("Das Haus:"));
    for (int max = prompt.length + 3; max < 60; max++) {
      try (SentenceTokenizer tokenizer = tokenizer("Das Haus:", max, LongText.CHUNKS)) {
        TokenizedText chunks = tokenizer.tokenize(text);
        int from = 0;
        for (int i = 0; i < chunks.sequences().size(); i++) {
          long[] chunk = chunks.sequences().get(i);
          assertThat(chunk.length).isLessThanOrEqualTo(max);
          assertThat(chunk).startsWith(CLS).endsWith(SEP);
          assertThat(Arrays.copyOfRange(chunk, 1, 1 + prompt.length)).isEqualTo(prompt);
          int size = chunks.contentTokens()[i];
          assertThat(Arrays.copyOfRange(chunk, 1 + prompt.length, chunk.length - 1))
              .isEqualTo(Arrays.copyOfRange(content, from, from + size));
          from += size;
        }
        assertThat(from).isEqualTo(content.length);
        assertThat(chunks.truncated()).isFalse();
        assertThat(chunks.tokens()).isEqualTo(content.length + prompt.length + 2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\u200B", "\uFEFF", "\0", "\uD83D"})
  void aBlankTextHasNoTokens(String text) {
    try (SentenceTokenizer tokenizer = tokenizer("Das Haus: ", 64, LongText.CUT)) {
      assertThat(tokenizer.tokenize(text).isEmpty()).isTrue();
      assertThat(tokenizer.tokenize(text).tokens()).isZero();
    }
  }

  @Test
  void aTextThatTheTokenizerDropsIsEmptyThoughItIsNotBlank() {
    String privateUse = "\uE000\uE001";
    assertThat(TextCleaner.isBlank(privateUse)).isFalse();
    try (SentenceTokenizer tokenizer = tokenizer("Das Haus: ", 64, LongText.CUT)) {
      TokenizedText text = tokenizer.tokenize(privateUse);
      assertThat(text.isEmpty()).isTrue();
      assertThat(text.tokens()).isEqualTo(ids("Das Haus:").length);
      assertThat(text.contentTokens()).isEmpty();
    }
  }

  @Test
  void anEmojiKeepsItsTokenBesideAnUnpairedSurrogate() {
    String text = "Guten Morgen \uD83D\uDE42";
    assertThat(ids(text + "\uD83D")).isEqualTo(ids(text)).contains(187);
    assertThat(ids("\uDE42" + text)).isEqualTo(ids(text));
  }

  @Test
  void ofAHugeTextOnlyTheFirstCharactersAreTokenized() {
    String text = "Das Haus. ".repeat(1_048_576);
    TextCleaner hundred = new TextCleaner(UnicodeForm.NFC, 100);
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(FILE, hundred, "", 1_000, LongText.CUT)) {
      TokenizedText tokens = tokenizer.tokenize(text);
      assertThat(tokens.truncated()).isTrue();
      assertThat(tokens.tokens()).isEqualTo(ids("Das Haus. ".repeat(10)).length);
      assertThat(tokens.sequences().get(0)).isEqualTo(ids("Das Haus. ".repeat(10)));
    }
  }

  @Test
  void decomposedUmlautsGetTheTokensOfComposedOnesUnderNfc() {
    TextCleaner nfc = new TextCleaner(UnicodeForm.NFC, 100);
    try (SentenceTokenizer tokenizer = SentenceTokenizer.open(FILE, nfc, "", 64, LongText.CUT)) {
      assertThat(tokenizer.tokenize("Bru\u0308cke").sequences().get(0))
          .isEqualTo(ids("Br\u00fccke"))
          .isNotEqualTo(ids("Bru\u0308cke"));
    }
  }

  @Test
  void aPromptThatLeavesNoRoomIsRefused() {
    int tokens = ids("Das Haus:").length;
    assertThatThrownBy(() -> tokenizer("Das Haus:", tokens, LongText.CUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot tokenize: special tokens and prompt take %d tokens, which leaves no room in a"
                    .formatted(tokens)
                + " max sequence length of "
                + tokens);
    try (SentenceTokenizer tokenizer = tokenizer("Das Haus:", tokens + 1, LongText.CUT)) {
      assertThat(tokenizer.tokenize("Der Hund").contentTokens()).containsExactly(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not json", "{\n\"model\": 7\n}", "[]", "{\"version\": \"1.0\",\n"})
  void aDamagedFileGivesOneLine(String content, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), content);
    assertThatThrownBy(
            () -> SentenceTokenizer.open(file, TinyModel.cleaner(), "", 64, LongText.CUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot open tokenizer " + file + ": ")
        .message()
        .hasLineCount(1);
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("tokenizer.json");
    assertThatThrownBy(
            () -> SentenceTokenizer.open(file, TinyModel.cleaner(), "", 64, LongText.CUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot open tokenizer " + file);
  }

  @Test
  void truncationAndPaddingOfTheFileAreIgnored(@TempDir Path folder) throws IOException {
    String json = Files.readString(FILE);
    String truncating =
        json.replace(
                "\"truncation\": null",
                "\"truncation\": {\"direction\": \"Right\", \"max_length\": 4,"
                    + " \"strategy\": \"LongestFirst\", \"stride\": 0}")
            .replace(
                "\"padding\": null",
                "\"padding\": {\"strategy\": {\"Fixed\": 50}, \"direction\": \"Right\","
                    + " \"pad_to_multiple_of\": null, \"pad_id\": 0, \"pad_type_id\": 0,"
                    + " \"pad_token\": \"[PAD]\"}");
    assertThat(truncating).contains("LongestFirst", "Fixed");
    Path file = Files.writeString(folder.resolve("tokenizer.json"), truncating);
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(file, TinyModel.cleaner(), "", 64, LongText.CUT)) {
      assertThat(tokenizer.tokenize("Der Hund bellt.").sequences().get(0))
          .isEqualTo(ids("Der Hund bellt."));
    }
  }

  /** As in sentence-transformers 6; the tokenizer itself decides what white space means. */
  @Test
  void whiteSpaceAroundATextIsNotStripped() {
    Path bytePairs = Path.of("src", "test", "resources", "checkpoints", "roberta");
    Path file = bytePairs.resolve("tokenizer.json");
    try (SentenceTokenizer plain =
            SentenceTokenizer.open(file, TinyModel.cleaner(), "", 64, LongText.CUT);
        SentenceTokenizer prompted =
            SentenceTokenizer.open(file, TinyModel.cleaner(), "query: ", 64, LongText.CUT)) {
      assertThat(plain.tokenize("  Haus  ").tokens())
          .isEqualTo(plain.tokenize("Haus").tokens() + 4);
      assertThat(prompted.tokenize(" Haus ").sequences().get(0))
          .isEqualTo(plain.tokenize("query:  Haus ").sequences().get(0));
      assertThat(prompted.tokenize("  ").isEmpty()).isTrue();
    }
  }

  private static SentenceTokenizer tokenizer(String prompt, int max, LongText longText) {
    return SentenceTokenizer.open(FILE, TinyModel.cleaner(), prompt, max, longText);
  }

  private static long[] ids(String text) {
    try (SentenceTokenizer whole = tokenizer("", 1_000_000, LongText.CUT)) {
      List<long[]> sequences = whole.tokenize(text).sequences();
      assertThat(sequences).hasSize(1);
      return sequences.get(0);
    }
  }

  private static long[] content(long[] ids) {
    return Arrays.copyOfRange(ids, 1, ids.length - 1);
  }
}
