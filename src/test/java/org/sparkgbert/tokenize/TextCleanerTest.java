package org.sparkgbert.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.tokenize.TextCleaner.CleanText;

class TextCleanerTest {
  private static final TextCleaner NONE = new TextCleaner(UnicodeForm.NONE, 1_000);
  private static final String SMILE = "\uD83D\uDE42";

  @ParameterizedTest
  @CsvSource({
    "\uD83D, \uFFFD",
    "\uDE42, \uFFFD",
    "a\uD83D, a\uFFFD",
    "\uDE42a, \uFFFDa",
    "a\uD83Db, a\uFFFDb",
    "\uDE42\uD83D, \uFFFD\uFFFD",
    "\uD83D\uD83D\uDE42, \uFFFD\uD83D\uDE42",
    "\uD83D\uDE42\uDE42, \uD83D\uDE42\uFFFD",
    "\uD83D\uDE42, \uD83D\uDE42",
  })
  void unpairedSurrogatesBecomeReplacementCharactersAndPairsStay(String text, String clean) {
    assertThat(NONE.clean(text)).isEqualTo(new CleanText(clean, false));
  }

  @Test
  void anyMixtureOfSurrogatesBecomesAWholeString() {
    Random random = new Random(3);
    char[] units = {'\uD83D', '\uDE42', 'a', '\u00e4', '\uDBFF', '\uDC00'};
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        text.append(units[random.nextInt(units.length)]);
      }
      int[] expected =
          text.codePoints()
              .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
              .toArray();
      assertThat(NONE.clean(text.toString()).text().codePoints()).containsExactly(box(expected));
    }
  }

  @Test
  void aCutNeverPartsASurrogatePair() {
    String text = "a" + SMILE + SMILE + "b";
    for (int max = 2; max < text.length(); max++) {
      CleanText clean = new TextCleaner(UnicodeForm.NONE, max).clean(text);
      assertThat(clean.cut()).isTrue();
      assertThat(text).startsWith(clean.text());
      assertThat(clean.text()).doesNotContain("\uFFFD");
      assertThat(clean.text().length()).isBetween(max - 1, max);
    }
  }

  @Test
  void aTextOfTheMostCharactersIsNotCutAndOneMoreIs() {
    TextCleaner four = new TextCleaner(UnicodeForm.NFC, 4);
    assertThat(four.clean("Haus")).isEqualTo(new CleanText("Haus", false));
    assertThat(four.clean("Hause")).isEqualTo(new CleanText("Haus", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n", "\u200B", "\uFEFF", "\0", "\u00AD", "\uD800", "\u3000"})
  void leadingInvisibleCharactersDoNotCount(String invisible) {
    TextCleaner four = new TextCleaner(UnicodeForm.NONE, 4);
    assertThat(four.clean(invisible.repeat(100) + "Haus")).isEqualTo(new CleanText("Haus", false));
    assertThat(four.clean(invisible.repeat(100) + "Hauses")).isEqualTo(new CleanText("Haus", true));
  }

  @Test
  void lettersAndTheirMarksBecomeOneCharacterOnlyWhenAsked() {
    String decomposed = "Ba\u0308r";
    assertThat(new TextCleaner(UnicodeForm.NFC, 9).clean(decomposed).text()).isEqualTo("B\u00e4r");
    assertThat(NONE.clean(decomposed).text()).isEqualTo(decomposed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\t\r\n",
        "\u00A0",
        "\u2003",
        "\u3000",
        "\u2028",
        "\u2029",
        "\0",
        "\u0007",
        "\u007F",
        "\u200B",
        "\u200C\u200D",
        "\uFEFF",
        "\u2060",
        "\u00AD",
        "\u202E\u202C",
        "\uFFFD",
        "\uD800",
        "\uDC00\uD800",
        "\uDB40\uDC41",
        " \0\u200B\uFEFF\uD83D "
      })
  void aTextThatNoModelCanSeeIsBlank(String text) {
    assertThat(TextCleaner.isBlank(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", ".", "\uD83D\uDE42", " a ", "\uFEFFa", "\u200B\u0308", "\u4f60", "\0x"})
  void aTextWithAVisibleCharacterIsNotBlank(String text) {
    assertThat(TextCleaner.isBlank(text)).isFalse();
  }

  @Test
  void aLimitBelowOneIsRefused() {
    assertThatThrownBy(() -> new TextCleaner(UnicodeForm.NFC, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --max-characters must be at least 1, found 0");
  }

  private static Integer[] box(int[] values) {
    return Arrays.stream(values).boxed().toArray(Integer[]::new);
  }
}
