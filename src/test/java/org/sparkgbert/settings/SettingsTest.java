package org.sparkgbert.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private enum Colour {
    RED,
    DARK_BLUE
  }

  private static final Setting<Integer> COUNT = Setting.integer("row-count", 3).atLeast(1);
  private static final Setting<Colour> COLOUR = Setting.choice("colour", Colour.RED);
  private static final Setting<List<String>> NAMES = Setting.names("names");
  private static final Setting<Optional<Float>> LEAST = Setting.optional("least", ValueType.FLOAT);
  private static final Setting<Optional<String>> NOTE = Setting.optional("note", ValueType.TEXT);
  private static final Setting<String> PLACE = Setting.required("place");
  private static final List<Setting<?>> ALL = List.of(COUNT, COLOUR, NAMES, LEAST, PLACE, NOTE);

  @Test
  void aDefaultHoldsUntilAValueIsGiven() {
    Settings two = Settings.NONE.with(COUNT, 2);
    assertThat(Settings.NONE.get(COUNT)).isEqualTo(3);
    assertThat(two.get(COUNT)).isEqualTo(2);
    assertThat(List.of(two.has(COUNT), two.has(COLOUR))).containsExactly(true, false);
  }

  @Test
  void whatHasToBeGivenIsAskedFor() {
    assertThat(PLACE.isRequired()).isTrue();
    assertThatThrownBy(() -> Settings.NONE.get(PLACE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --place must be given");
  }

  @Test
  void textsBecomeValues() {
    Settings settings =
        Settings.parse(
            Map.of("row-count", "7", "colour", "Dark_Blue", "names", "a, b", "least", "0.5"), ALL);
    assertThat(settings.get(COUNT)).isEqualTo(7);
    assertThat(settings.get(COLOUR)).isEqualTo(Colour.DARK_BLUE);
    assertThat(settings.get(NAMES)).containsExactly("a", "b");
    assertThat(settings.get(LEAST)).contains(0.5f);
  }

  @Test
  void textsOfAListMayHoldCommas() {
    Settings settings =
        Settings.parseLists(
            Map.of("names", List.of("Ja, gern", "b"), "note", List.of("Nein, danke")), ALL);
    assertThat(settings.get(NAMES)).containsExactly("Ja, gern", "b");
    assertThat(settings.get(NOTE)).contains("Nein, danke");
  }

  @Test
  void oneValueIsOneText() {
    for (List<String> texts : List.of(List.<String>of(), List.of("1", "2"))) {
      assertThatThrownBy(() -> Settings.parseLists(Map.of("row-count", texts), ALL))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot run: --row-count takes one value, found " + texts);
    }
    assertThatThrownBy(() -> Settings.parseLists(Map.of("row-counts", List.of("1")), ALL))
        .hasMessage("Cannot run: unknown setting 'row-counts', did you mean 'row-count'?");
  }

  @Test
  void everyDefaultIsReadBackFromItsText() {
    assertThat(COLOUR.parse(List.of(COLOUR.defaultText()))).isEqualTo(Colour.RED);
    assertThat(COUNT.parse(List.of(COUNT.defaultText()))).isEqualTo(3);
    assertThat(COUNT.param()).isEqualTo("rowCount");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          row-count | 0     | Cannot run: --row-count must be at least 1, found 0
          row-count | x     | Cannot run: --row-count must be a whole number, found 'x'
          colour    | green | Cannot run: --colour must be red or dark_blue, found 'green'
          least     | most  | Cannot run: --least must be a number, found 'most'
          place     | ' '   | Cannot run: --place must not be blank, found ' '
          least     | ' '   | Cannot run: --least must be a number, found ' '
          note      | ' '   | Cannot run: --note must not be blank, found ' '
          rowcount  | 1     | Cannot run: unknown setting 'rowcount', did you mean 'row-count'?
          """)
  void aWrongTextIsRefusedInOneLine(String name, String text, String message) {
    assertThatThrownBy(() -> Settings.parse(Map.of(name, text), ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aValueOutOfRangeIsRefusedFromJavaToo() {
    assertThatThrownBy(() -> Settings.NONE.with(COUNT, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --row-count must be at least 1, found 0");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "1k, 1024",
    "256m, 268435456",
    "8g, 8589934592",
    "2GB, 2147483648"
  })
  void sizesAreThoseOfSpark(String text, long bytes) {
    assertThat(Setting.size("x").parse(List.of(text))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"''", "m", "1.5g", "-1", "1 m", "99999999999999999999", "99999999999g"})
  void whatIsNoSizeIsRefusedWithTheOption(String text) {
    assertThatThrownBy(() -> Setting.size("gpu-memory-limit").parse(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --gpu-memory-limit must be a size such as 256m, found '%s'", text);
  }

  @ParameterizedTest
  @CsvSource({
    "mdoe, mode",
    "device, device",
    "MODE, mode",
    "token-budge, token-budget",
    "files, files",
    "tok, token-budget"
  })
  void theNearestWordIsSuggested(String word, String suggestion) {
    List<String> known = List.of("token-budget", "mode", "model", "files", "device");
    assertThat(Suggestions.nearest(word, known)).hasValue(suggestion);
  }

  @Test
  void ofEquallyNearWordsTheFirstIsSuggested() {
    assertThat(Suggestions.nearest("abx", List.of("abd", "abc"))).hasValue("abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--master", "-x", "--", "", "--spark-conf"})
  void nothingIsSuggestedForAWordThatIsFarFromAll(String word) {
    List<String> known = List.of("--mode", "--model", "--where", "--help", "-h", "--input");
    assertThat(Suggestions.nearest(word, known)).isEmpty();
  }

  @Test
  void aSettingThatDoesNotApplyIsRefusedByName() {
    Setting<String> table = Setting.text("table", "");
    Setting<Boolean> all = Setting.flag("all");
    Setting<Integer> top = Setting.integer("top", 10).requires(all);
    Setting<String> column = Setting.text("column", "c").excludes(table);
    List<Setting<?>> known = List.of(table, all, top, column);
    assertThatThrownBy(() -> Settings.NONE.with(top, 3).requireApplicable(known))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --top requires --all, which is not set");
    assertThatThrownBy(() -> Settings.NONE.with(top, 3).with(all, false).requireApplicable(known))
        .hasMessage("Cannot run: --top requires --all, which is not set");
    assertThatThrownBy(
            () -> Settings.NONE.with(table, "t").with(column, "c").requireApplicable(known))
        .hasMessage("Cannot run: --column does not apply with --table");
    Settings.NONE.with(top, 3).with(all, true).with(column, "d").requireApplicable(known);
  }

  @Test
  void placeholdersComeFromTheType() {
    assertThat(Setting.choice("form", RoundingMode.UP).label()).startsWith("<up|down|");
    assertThat(Setting.truth("dedupe", true).label()).isEqualTo("<true|false>");
    assertThat(Setting.integer("rows", 1).label()).isEqualTo("N");
  }
}
