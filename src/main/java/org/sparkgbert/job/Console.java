package org.sparkgbert.job;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.sparkgbert.files.Secrets;

/**
 * A job's output to its user: results on one stream, progress and errors on the other. Passwords
 * and keys in addresses are not shown.
 *
 * @param out results
 * @param err progress and errors
 */
record Console(PrintStream out, PrintStream err) {
  /** Prints a line of the result. */
  void print(String line) {
    writer(out).println(Secrets.hide(line));
  }

  /** Prints a line of the result with its label; numbers are formatted as in English. */
  void line(String label, String format, Object... values) {
    print(String.format(Locale.ROOT, "%-10s", label) + String.format(Locale.ROOT, format, values));
  }

  /** Prints a line of progress. */
  void note(String line) {
    writer(err).println(Secrets.hide(line));
  }

  /** Overwrites the last line; the cursor stays in it. */
  void redraw(String line) {
    PrintWriter writer = writer(err);
    writer.print("\r" + line + "\u001b[K");
    writer.flush();
  }

  /** Prints an error, in one line. */
  void error(String message) {
    note("spark-gbert: " + message.replaceAll("\\s*\\R\\s*", " "));
  }

  /** Whether progress goes to a terminal. */
  boolean isTerminal() {
    return System.console() != null && err == System.err;
  }

  /** Umlauts need UTF-8, whatever the locale of the machine. */
  PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
