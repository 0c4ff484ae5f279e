package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GermanTextsTest {
  private static final List<String> SAMPLE =
      List.of("Der Hund bellt laut .", "Der Zug nach Köln fährt pünktlich ab .", "Der Zug");

  /** One token for three letters, and two around them. */
  private static int count(String text) {
    int tokens = 2;
    for (String word : text.split(" ", -1)) {
      tokens += (word.length() + 2) / 3;
    }
    return tokens;
  }

  private static List<CountedText> take(int texts, TextLengths lengths, int most, long seed) {
    return new GermanTexts(SAMPLE, GermanTextsTest::count, lengths, most, seed).take(texts);
  }

  @Test
  void textsHaveTheLengthsThatWereDrawn() {
    List<CountedText> texts = take(4000, TextLengths.STSB, 512, 1);
    int[] tokens = texts.stream().mapToInt(CountedText::tokens).sorted().toArray();
    assertThat(texts).allMatch(text -> text.tokens() == count(text.text()));
    assertThat(tokens[0]).isBetween(6, 7);
    assertThat(tokens[2000]).isBetween(15, 17);
    assertThat(tokens[3800]).isBetween(37, 45);
    assertThat(tokens[3999]).isLessThanOrEqualTo(71);
  }

  @Test
  void paragraphsEndWhereTheModelStopsReading() {
    assertThat(take(200, TextLengths.NEWS, 300, 1))
        .allMatch(text -> text.tokens() >= 100 && text.tokens() <= 300)
        .anyMatch(text -> text.tokens() == 300)
        .anyMatch(text -> text.tokens() < 150);
  }

  @Test
  void noTextComesTwice() {
    assertThat(take(3000, TextLengths.STSB, 512, 1).stream().map(CountedText::text))
        .doesNotHaveDuplicates();
  }

  @Test
  void aModelThatReadsTooLittleForSoManyTextsIsRefused() {
    assertThatThrownBy(() -> take(1000, TextLengths.STSB, 4, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot make texts: there are not enough of at most 4 tokens");
  }

  @Test
  void theSeedMakesTheTexts() {
    assertThat(take(50, TextLengths.STSB, 512, 7)).isEqualTo(take(50, TextLengths.STSB, 512, 7));
    assertThat(take(50, TextLengths.STSB, 512, 7)).isNotEqualTo(take(50, TextLengths.STSB, 512, 8));
  }

  @Test
  void drawnLengthsHaveTheMedianAndTheTailOfTheSentences() {
    SplittableRandom random = new SplittableRandom(3);
    int[] drawn =
        IntStream.range(0, 20_001).map(i -> TextLengths.STSB.draw(random)).sorted().toArray();
    assertThat(drawn[10_000]).isEqualTo(16);
    assertThat(drawn[19_000]).isBetween(40, 42);
    assertThat(IntStream.of(drawn).average().orElse(0)).isBetween(18.3, 19.6);
  }
}
