package org.sparkgbert;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Large inputs of tests, which system properties name; Maven's command line sets them. */
public final class FullSize {
  /** Directory with the German STS benchmark: test.csv and dev.csv. */
  public static final String STSB = "sparkgbert.stsb";

  private FullSize() {}

  /** The file or directory that a property names; without it, the test is skipped and says why. */
  public static Path require(String property) {
    Path path = Path.of(System.getProperty(property, ""));
    if (path.toString().isEmpty()) {
      skip("no -D" + property + "=PATH");
    }
    if (!Files.exists(path)) {
      skip("there is no %s of -D%s".formatted(path, property));
    }
    return path;
  }

  /** Skips the test and prints why. */
  public static void skip(String reason) {
    System.out.println("Skipped: " + reason);
    Assumptions.abort(reason);
  }
}
