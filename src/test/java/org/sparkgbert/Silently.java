package org.sparkgbert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Runs what must print nothing. */
public final class Silently {
  private Silently() {}

  /** The result of work that prints nothing; loggers keep the streams they have. */
  public static <T> T run(Supplier<T> work) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      return work.get();
    } finally {
      System.setOut(out);
      System.setErr(err);
      assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }
  }
}
