package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes, suggestions and the console. */
class SmallPartsTest {
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
    assertThat(Sizes.bytes("--x", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"''", "m", "1.5g", "-1", "1 m", "99999999999999999999", "99999999999g"})
  void whatIsNoSizeIsRefusedWithTheOption(String text) {
    assertThatThrownBy(() -> Sizes.bytes("--gpu-memory-limit", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --gpu-memory-limit must be a size such as 256m, found '%s'", text);
  }

  @ParameterizedTest
  @CsvSource({
    "mdoe, mode",
    "device, device",
    "MODE, mode",
    "token-budge, token-budget",
    "files, files"
  })
  void theNearestWordIsSuggested(String word, String suggestion) {
    List<String> known = List.of("token-budget", "mode", "model", "files", "device");
    assertThat(Suggestions.nearest(word, known)).isEqualTo(suggestion);
  }

  @Test
  void ofEquallyNearWordsTheFirstIsSuggested() {
    assertThat(Suggestions.nearest("x", List.of("b", "a"))).isEqualTo("a");
  }

  @Test
  void anErrorIsOneLineInUtf8() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream latin = new PrintStream(err, true, StandardCharsets.ISO_8859_1);
    Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), latin);
    console.error("Cannot read Größe:\n\n   it is\r\nbroken");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines("spark-gbert: Cannot read Größe: it is broken\n");
    assertThat(out.size()).isZero();
    assertThat(console.isTerminal()).isFalse();
  }

  @Test
  void aRedrawnLineStaysOnItsLine() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    new Console(System.out, new PrintStream(err, true, StandardCharsets.UTF_8)).redraw("50 %");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("\r50 %\u001b[K");
  }
}
