package org.sparkgbert.tokenize;

import java.io.Serializable;
import java.text.Normalizer;
import java.util.Objects;
import org.sparkgbert.settings.Settings;

/**
 * Makes any string safe and cheap to tokenize.
 *
 * <ul>
 *   <li>Beyond {@link #maxCharacters} a text is cut, since tokenizers read all of it before they
 *       cut tokens. A cut never splits a surrogate pair. Leading invisible characters, as defined
 *       by {@link #isInvisible}, do not count.
 *   <li>Unpaired surrogates become U+FFFD: one of them would make the tokenizer drop every
 *       character outside the basic plane.
 *   <li>With {@link UnicodeForm#NFC}, umlauts written as two characters become one, as in German
 *       vocabularies.
 * </ul>
 *
 * @param form what happens to combining marks
 * @param maxCharacters maximum number of UTF-16 units read per text, at least 1
 */
public record TextCleaner(UnicodeForm form, int maxCharacters) implements Serializable {
  private static final char REPLACEMENT = '\uFFFD';

  /**
   * @throws IllegalArgumentException if {@code maxCharacters} is below 1
   */
  public TextCleaner {
    Objects.requireNonNull(form, "form");
    TextOptions.MAX_CHARACTERS.require(maxCharacters);
  }

  /** Reads the settings of {@link TextOptions}. */
  public static TextCleaner of(Settings settings) {
    return new TextCleaner(
        settings.get(TextOptions.NORMALIZE_UNICODE), settings.get(TextOptions.MAX_CHARACTERS));
  }

  /**
   * A text that is safe to tokenize.
   *
   * @param text the clean text, not null
   * @param cut whether its end was cut off
   */
  public record CleanText(String text, boolean cut) {}

  /** Cleans one text, which must not be null. */
  public CleanText clean(String text) {
    boolean cut = false;
    String kept = text;
    if (text.length() > maxCharacters) {
      int start = firstVisible(text);
      int end = Math.min(text.length(), start + maxCharacters);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      cut = end < text.length();
      kept = text.substring(start, end);
    }
    String repaired = replaceUnpairedSurrogates(kept);
    return new CleanText(
        form == UnicodeForm.NFC ? Normalizer.normalize(repaired, Normalizer.Form.NFC) : repaired,
        cut);
  }

  /** Whether a text holds no character that a model could see. */
  public static boolean isBlank(String text) {
    return firstVisible(text) == text.length();
  }

  private static int firstVisible(String text) {
    int index = 0;
    while (index < text.length()) {
      int codePoint = text.codePointAt(index);
      if (!isInvisible(codePoint)) {
        return index;
      }
      index += Character.charCount(codePoint);
    }
    return index;
  }

  /** White space, control and format characters (zero width ones too), and lone surrogates. */
  static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE ->
          true;
      default -> codePoint == REPLACEMENT;
    };
  }

  private static String replaceUnpairedSurrogates(String text) {
    int bad = indexOfUnpairedSurrogate(text, 0);
    if (bad < 0) {
      return text;
    }
    StringBuilder repaired = new StringBuilder(text);
    while (bad >= 0) {
      repaired.setCharAt(bad, REPLACEMENT);
      bad = indexOfUnpairedSurrogate(text, bad + 1);
    }
    return repaired.toString();
  }

  private static int indexOfUnpairedSurrogate(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (!Character.isSurrogate(unit)) {
        continue;
      }
      boolean paired =
          Character.isHighSurrogate(unit)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (!paired) {
        return i;
      }
      i++;
    }
    return -1;
  }
}
