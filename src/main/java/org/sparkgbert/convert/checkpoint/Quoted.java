package org.sparkgbert.convert.checkpoint;

import java.util.Locale;

/** Text of a checkpoint for use in a message: one line, in quotes, not too long. */
public final class Quoted {
  private static final int MAX_LENGTH = 120;

  private Quoted() {}

  /** In single quotes. */
  public static String of(String text) {
    return "'" + line(text) + "'";
  }

  /** Without quotes. */
  public static String line(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints().limit(MAX_LENGTH).forEach(c -> append(line, c));
    return text.codePointCount(0, text.length()) > MAX_LENGTH ? line + "..." : line.toString();
  }

  private static void append(StringBuilder line, int c) {
    if (printable(c)) {
      line.appendCodePoint(c);
    } else {
      line.append(String.format(Locale.ROOT, "\\u%04x", c));
    }
  }

  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
