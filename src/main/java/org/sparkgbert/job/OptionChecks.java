package org.sparkgbert.job;

import java.nio.file.Files;
import java.nio.file.Path;

/** Values of options that are in their range, or one line that says which is not. */
final class OptionChecks {
  private OptionChecks() {}

  /**
   * @throws IllegalArgumentException if the value is below the least
   */
  static int atLeast(int least, String option, int found) {
    if (found < least) {
      throw new IllegalArgumentException(
          "Cannot run: %s must be at least %d, found %d".formatted(option, least, found));
    }
    return found;
  }

  /**
   * @throws IllegalArgumentException if the value is below the least or above the most
   */
  static int inRange(int least, int most, String option, int found) {
    if (found > most) {
      throw new IllegalArgumentException(
          "Cannot run: %s must be at most %d, found %d".formatted(option, most, found));
    }
    return atLeast(least, option, found);
  }

  /**
   * @throws IllegalArgumentException if the value is not from 0 to 1
   */
  static double share(String option, double found) {
    if (!(found >= 0 && found <= 1)) {
      throw new IllegalArgumentException(
          "Cannot run: %s must be from 0 to 1, found %s".formatted(option, found));
    }
    return found;
  }

  /**
   * @throws IllegalArgumentException if the value is blank
   */
  static String named(String option, String found) {
    if (found.isBlank()) {
      throw new IllegalArgumentException(
          "Cannot run: %s must not be blank, found '%s'".formatted(option, found));
    }
    return found;
  }

  /**
   * A file that will be written at the end must not be found impossible only then.
   *
   * @throws IllegalArgumentException if the path is a directory, or lies below a file
   */
  static void requireWritable(String option, Path file) {
    Path existing = file.toAbsolutePath().getParent();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (Files.isDirectory(file) || existing == null || !Files.isDirectory(existing)) {
      throw new IllegalArgumentException(
          "Cannot run: %s must be a file that can be written, found %s".formatted(option, file));
    }
  }
}
