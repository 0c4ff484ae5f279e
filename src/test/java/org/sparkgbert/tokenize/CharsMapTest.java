package org.sparkgbert.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharsMapTest {
  private static final String TEXT = "b\0ä\0";

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "5"})
  void aReplacementMayBeginAtAnyCharacter(int place) {
    assertThat(CharsMap.fault(CharsMaps.ofA(place, TEXT))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"3", "6", "2147483647"})
  void aReplacementInsideACharacterOrOutsideIsAFault(int place) {
    assertThat(CharsMap.fault(CharsMaps.ofA(place, TEXT)))
        .contains("it has no replacement at " + place);
  }

  @Test
  void aReplacementThatIsLongIsAFault() {
    assertThat(CharsMap.fault(CharsMaps.ofA(0, "x".repeat(65)))).isPresent();
    assertThat(CharsMap.fault(CharsMaps.ofA(0, "x".repeat(64)))).isEmpty();
  }

  @Test
  void aMapThatIsCutIsAFault() {
    byte[] map = CharsMaps.ofA(0, TEXT);
    for (int length : new int[] {0, 3, 4, 100, 2_051}) {
      assertThat(CharsMap.fault(Arrays.copyOf(map, length))).as("%d bytes", length).isPresent();
    }
  }

  @Test
  void anIndexThatLeadsOutsideIsAFault() {
    int[] units = new int[256];
    units[0] = 256 << 10;
    assertThat(CharsMap.fault(CharsMaps.of(units, new byte[0])))
        .contains("its double array of 256 units leads outside, to 256");
    units[0] = 0;
    units['a'] = 'a' | 1 << 9 | 0x1FFFFF << 10;
    assertThat(CharsMap.fault(CharsMaps.of(units, new byte[0])).orElseThrow())
        .startsWith("its double array of 256 units leads outside, to ");
  }

  @Test
  void randomBytesAreAFault() {
    Random random = new Random(20261126);
    for (int i = 0; i < 200; i++) {
      int[] units = random.ints(1_024).toArray();
      byte[] text = new byte[64];
      assertThat(CharsMap.fault(CharsMaps.of(units, text))).isPresent();
    }
  }

  @Test
  void textThatIsNotUtf8IsAFault() {
    assertThat(CharsMap.fault(CharsMaps.of(new int[256], new byte[] {(byte) 0xC3})))
        .contains("its replacements are not UTF-8");
  }
}
