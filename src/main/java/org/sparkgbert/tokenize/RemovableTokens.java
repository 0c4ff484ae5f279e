package org.sparkgbert.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.util.Optional;

/**
 * Added tokens that a tokenizer normalizes, and of which nothing may be left then. The native
 * tokenizer looks for what is left in each text, and ends the JVM if that is empty.
 */
final class RemovableTokens {
  private boolean removesInvisible;
  private boolean removesVisible;
  private Optional<String> first = Optional.empty();
  private Optional<String> firstInvisible = Optional.empty();

  /** Notes a normalizer. */
  void normalizer(TokenizerComponent known, JsonNode normalizer) {
    switch (known) {
      case BERT_NORMALIZER, NMT, PRECOMPILED, STRIP, STRIP_ACCENTS -> removesInvisible = true;
      case REPLACE -> {
        if (!isVisible(normalizer.path("content").asText())) {
          removesInvisible = true;
          removesVisible |= matchesVisible(normalizer.path("pattern"));
        }
      }
      default -> {}
    }
  }

  /** The known regular expressions that match more than white space name letters. */
  private static boolean matchesVisible(JsonNode pattern) {
    return pattern.has("String")
        ? isVisible(pattern.get("String").asText())
        : pattern.path("Regex").asText().contains("\\p{L}");
  }

  /** Notes a token that is normalized; an empty one is never looked for. */
  void token(String content) {
    if (!content.isEmpty() && first.isEmpty()) {
      first = Optional.of(content);
    }
    if (!content.isEmpty() && firstInvisible.isEmpty() && !isVisible(content)) {
      firstInvisible = Optional.of(content);
    }
  }

  /** A token of which the normalizers may leave nothing. */
  Optional<String> found() {
    if (removesVisible) {
      return first;
    }
    return removesInvisible ? firstInvisible : Optional.empty();
  }

  /** Whether a text has a letter, number, punctuation or symbol, also when it is decomposed. */
  private static boolean isVisible(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKD)
        .codePoints()
        .anyMatch(RemovableTokens::isVisible);
  }

  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          false;
      default -> character != 0xFFFD;
    };
  }
}
