package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {
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
