package org.sparkgbert.tokenize;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TinyModel;

/** What would end this JVM ends another one. */
class TokenizerTrialTest {
  private static final TokenizerTrial TRIAL = TokenizerTrial.DEFAULT;

  @TempDir Path folder;

  @Test
  void aSoundTokenizerPasses() {
    TRIAL.require(TinyModel.DIRECTORY.resolve("tokenizer.json"), "Cannot import, ");
  }

  @ParameterizedTest
  @CsvSource({"(\\\\w+\\\\s?)+\\\\d$", "(a+)+$"})
  void aPatternThatEndsTheProcessIsFound(String regex) throws IOException {
    Path file =
        TestTokenizers.with(
            folder,
            "pre_tokenizer",
            "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"%s\"}, \"behavior\": \"Isolated\", \"invert\": false}"
                .formatted(regex));
    assertThatThrownBy(() -> TRIAL.requireUnchecked(file, "Cannot import tiny, "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot import tiny, its process ended with exit code 134 when it reads .*");
  }

  @Test
  void aCharsmapOfRandomBytesIsFound() throws IOException {
    byte[] map = CharsMaps.ofA(1 << 20, "b");
    Path file =
        TestTokenizers.with(
            folder,
            "normalizer",
            "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"%s\"}"
                .formatted(Base64.getEncoder().encodeToString(map)));
    assertThatThrownBy(() -> TRIAL.requireUnchecked(file, "Cannot import tiny, "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exit code 134 when it ");
  }

  @Test
  void textsThatGrowBeyondAllMemoryAreFound() throws IOException {
    String part = "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"%s\"}";
    String many = part.formatted("a".repeat(64));
    Path file =
        TestTokenizers.with(
            folder,
            "normalizer",
            "{\"type\": \"Sequence\", \"normalizers\": [%s, %s, %s, %s]}"
                .formatted(many, many, many, many));
    TokenizerTrial small = new TokenizerTrial(Duration.ofMinutes(2), 2L << 30);
    assertThatThrownBy(() -> small.requireUnchecked(file, "Cannot import tiny, "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot import tiny, it needs more than 2048 MB of memory when it reads .*");
  }

  @Test
  void aTokenizerThatTakesTooLongIsFound() {
    TokenizerTrial impatient = new TokenizerTrial(Duration.ofMillis(1), 4L << 30);
    Path file = TinyModel.DIRECTORY.resolve("tokenizer.json");
    assertThatThrownBy(() -> impatient.requireUnchecked(file, "Cannot import tiny, "))
        .hasMessageStartingWith("Cannot import tiny, it did not end within ");
  }

  @Test
  void whatTheNativeTokenizerRejectsIsSaidInItsWords() throws IOException {
    Path file = TestTokenizers.changed(folder, json -> json.withObject("/model").remove("vocab"));
    assertThatThrownBy(() -> TRIAL.requireUnchecked(file, "Cannot import tiny, "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot import tiny, ")
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining(folder.toString());
  }

  @Test
  void anUnknownPartIsRefusedBeforeAnyProcessStarts() throws IOException {
    Path file = TestTokenizers.with(folder, "pre_tokenizer", "{\"type\": \"UnicodeScripts\"}");
    assertThatThrownBy(() -> TRIAL.require(file, "Cannot import tiny, "))
        .hasMessageStartingWith("Cannot import tiny, its pre_tokenizer is UnicodeScripts");
  }
}
