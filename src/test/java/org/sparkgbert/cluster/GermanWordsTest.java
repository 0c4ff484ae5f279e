package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.cluster.GermanWords.Word;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.UnicodeForm;

class GermanWordsTest {
  private static final TextCleaner CLEANER = new TextCleaner(UnicodeForm.NFC, 65_536);

  @Test
  void hyphensHoldCompoundsTogether() {
    assertThat(
            forms("E-Mail vom Nord-Ostsee-Kanal, Nord\u2011Süd-Gefälle; Koch- und Backbuch – Ofen"))
        .containsExactly(
            "E-Mail", "Nord-Ostsee-Kanal", "Nord-Süd-Gefälle", "Koch", "Backbuch", "Ofen");
  }

  @Test
  void digitsAloneAndSingleLettersAreNoWords() {
    assertThat(forms("Paket 4711 und 12-34 x y B12 A7 E \uD835\uDC00 ½ ²"))
        .containsExactly("Paket", "B12", "A7");
  }

  @Test
  void lettersOfAnyScriptMakeWords() {
    assertThat(forms("Škoda Œuvre Straße STRASSE ẞ Übermut 東京 Москва 🌈"))
        .containsExactly("Škoda", "Œuvre", "Straße", "STRASSE", "Übermut", "東京", "Москва");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "der die das und oder ich Sie Ihnen im zum beim ohne",
        "bin wäre gewesen hätten würdest geworden",
        "könnten müsstest dürften wollte mochten sollst",
        "koennten muesstest duerften fuer waere ueber groesser ausserdem",
        "Für Über DESSEN Schließlich schliesslich natürlich übrigens",
        ":innen *innen http www nbsp",
        "zwei dritten hundert Uhr Montag Prozent"
      })
  void functionWordsAndFillersAreLeftOut(String text) {
    assertThat(forms(text)).isEmpty();
  }

  @Test
  void whatIsAStopWordOnlyAsAVerbStaysAsANoun() {
    assertThat(forms("Wer die Macht sucht, macht sich auf den Weg. Recht weit weg!"))
        .containsExactly("Macht", "Weg");
  }

  @ParameterizedTest
  @CsvSource({
    "Zug, Zuges",
    "Zug, Züge",
    "Zug, Zügen",
    "Zug, Zuege",
    "Zug, ZUG",
    "Baum, Bäume",
    "Wohnung, Wohnungen",
    "Straße, Straßen",
    "E-Mail, E-Mails",
    "reif, reifes"
  })
  void inflectionsShareAStem(String one, String other) {
    assertThat(stem(one)).isEqualTo(stem(other));
  }

  @ParameterizedTest
  @CsvSource({"Maße, Masse", "Buße, Busse", "Zug, Zeug", "Tor, Tür", "Ball, Balkon"})
  void otherWordsDoNot(String one, String other) {
    assertThat(stem(one)).isNotEqualTo(stem(other));
  }

  @Test
  void composedAndDecomposedUmlautsAreAlike() {
    assertThat(words("Fru\u0308hstu\u0308ck")).isEqualTo(words("Frühstück")).hasSize(1);
  }

  @Test
  void charactersThatNobodySeesPartNoWord() {
    assertThat(forms("Donau\u00ADdampf\u200Bschiff\uFEFF")).containsExactly("Donaudampfschiff");
  }

  @Test
  void capitalsAtTheStartOfASentenceAreNoUsualSpelling() {
    assertThat(words("Reife Äpfel! „Reife Birnen? reife Kirschen"))
        .filteredOn(word -> word.form().toLowerCase(Locale.ROOT).equals("reife"))
        .extracting(Word::usual)
        .containsExactly(false, false, true);
    assertThat(words("Am Abend: Äpfel und Birnen"))
        .extracting(Word::usual)
        .containsExactly(false, true);
  }

  @Test
  void hostileTextsNeitherFailNorGiveHugeWords() {
    List<String> hostile =
        List.of(
            "",
            "a-".repeat(40_000) + "b",
            "ab\u0308".repeat(30_000),
            "x".repeat(10_000_000),
            "Haus \uD83D Tür \uDE00 Dach \u0000 Hof",
            "\u0308\u0308--\u2011-" + "\u00AD".repeat(1000),
            "\uD800".repeat(1000));
    assertThat(hostile.stream().flatMap(text -> forms(text).stream()))
        .containsExactly("Haus", "Tür", "Dach", "Hof");
  }

  private static String stem(String word) {
    assertThat(words(word)).hasSize(1);
    return words(word).get(0).stem();
  }

  private static List<String> forms(String text) {
    return words(text).stream().map(Word::form).toList();
  }

  private static List<Word> words(String text) {
    List<Word> found = new ArrayList<>();
    new GermanWords().split(CLEANER.clean(text).text(), found::add);
    return found;
  }
}
