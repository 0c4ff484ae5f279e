package org.sparkgbert.bench;

/** Range checks for values of results. */
final class Checks {
  private Checks() {}

  static void positive(String what, double found) {
    if (!(found > 0 && Double.isFinite(found))) {
      throw new IllegalArgumentException(
          "Cannot hold result: %s must be positive, found %s".formatted(what, found));
    }
  }

  static void notNegative(String what, double found) {
    if (!(found >= 0 && Double.isFinite(found))) {
      throw new IllegalArgumentException(
          "Cannot hold result: %s must not be negative, found %s".formatted(what, found));
    }
  }

  static void share(String what, double found) {
    if (!(found >= 0 && found <= 1)) {
      throw new IllegalArgumentException(
          "Cannot hold result: %s must be from 0 to 1, found %s".formatted(what, found));
    }
  }
}
