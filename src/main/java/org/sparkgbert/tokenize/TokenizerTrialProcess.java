package org.sparkgbert.tokenize;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkgbert.settings.Settings;

/** What {@link TokenizerTrial} runs: reads odd texts with a tokenizer, and says before each. */
public final class TokenizerTrialProcess {
  /** How a line for the other process begins. */
  static final String MARK = "tokenizer trial: ";

  /** What it says at the end. */
  static final String PASSED = "passed";

  /** What it says if the file is no tokenizer; why follows. */
  static final String REJECTED = "rejected: ";

  /** As many characters as jobs read of a text by default. */
  private static final int CHARACTERS = Settings.NONE.get(TextOptions.MAX_CHARACTERS);

  private static final List<String> REPEATED =
      List.of("a", "ä", " ", "\n", "!", "\u0301", "中", "\ud83d\ude00", "aA1 ", "Baum ");

  private TokenizerTrialProcess() {}

  /**
   * @param args the tokenizer's file
   */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println(MARK + "it is opened");
    TextCleaner cleaner = new TextCleaner(UnicodeForm.NONE, CHARACTERS);
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.openUnchecked(
            Path.of(args[0]), cleaner, "", Integer.MAX_VALUE, LongText.CUT)) {
      texts().forEach((name, text) -> read(tokenizer, name, text, out));
      out.println(MARK + PASSED);
    } catch (IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      out.println(MARK + REJECTED + String.valueOf(reason.getMessage()).replaceAll("\\s+", " "));
    }
  }

  private static void read(SentenceTokenizer tokenizer, String name, String text, PrintStream out) {
    out.println(MARK + "it reads " + name);
    try {
      tokenizer.tokenize(text);
    } catch (RuntimeException refused) {
      // A job marks such a row as failed, and goes on.
    }
  }

  private static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("a sentence", "Guten Morgen, wie geht es Ihnen?");
    texts.put("40 times 'Baum '", "Baum ".repeat(40));
    texts.put("40 times 'a', and '!'", "a".repeat(40) + "!");
    texts.put("every character of the basic plane", characters(0, Character.MIN_SURROGATE));
    texts.put("every character after the surrogates", characters(0xE000, 0x10000));
    texts.put("emoji and other symbols", characters(0x1F000, 0x1FB00));
    for (String part : REPEATED) {
      String name = "'%s', repeated to %d characters".formatted(visible(part), CHARACTERS);
      texts.put(name, part.repeat(CHARACTERS / part.length() - 1) + "b");
    }
    return texts;
  }

  private static String characters(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int character = from; character < to; character++) {
      text.appendCodePoint(character);
    }
    return text.toString();
  }

  private static String visible(String text) {
    StringBuilder visible = new StringBuilder();
    text.codePoints()
        .forEach(
            character -> {
              if (character == ' ' || TextCleaner.isInvisible(character)) {
                visible.append("U+%04X".formatted(character));
              } else {
                visible.appendCodePoint(character);
              }
            });
    return visible.toString();
  }
}
