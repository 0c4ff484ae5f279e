package org.sparkgbert.report;

import java.util.List;
import org.sparkgbert.lake.EmbeddingProvenance;

/** Texts that break pages which do not escape them. */
final class HostileTexts {
  static final String IMAGE = "<img src=x onerror=\"document.title='owned'\">";
  static final String SCRIPT = "</script><script>document.title = 'owned'</script><!-- <script>";
  static final String QUOTES = "\"'><svg onload=document.title='owned'> & \\u003c {{data}} $1 \\";
  static final String SEPARATORS = "Zeile\u2028Absatz\u2029Null\u0000Glocke\u0007";
  static final String SURROGATES = "halb \uD83D und \uDE00 verkehrt";
  static final String RIGHT_TO_LEFT = "\u202E\u2067abc مرحبا";
  static final String LONG_WORD = "Donaudampfschiff".repeat(625);

  static final List<String> ALL =
      List.of(IMAGE, SCRIPT, QUOTES, SEPARATORS, SURROGATES, RIGHT_TO_LEFT, LONG_WORD);

  private HostileTexts() {}

  /** The text at an index, over and over. */
  static String at(int index) {
    return ALL.get(index % ALL.size());
  }

  static EmbeddingProvenance provenance() {
    return new EmbeddingProvenance(
        "model " + IMAGE,
        SCRIPT,
        QUOTES,
        null,
        "f00d",
        "f00d",
        "f00d",
        384,
        "mean",
        true,
        "float32",
        SURROGATES,
        512,
        "cut",
        "nfc",
        100_000,
        LONG_WORD,
        "1.0.0",
        null,
        null,
        null);
  }
}
