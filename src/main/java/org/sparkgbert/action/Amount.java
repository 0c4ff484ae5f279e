package org.sparkgbert.action;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Amounts as people read them, with their units; digits are grouped as in English. */
public final class Amount {
  private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB", "PB");
  private static final long MINUTE = 60;
  private static final long HOUR = 3600;

  private Amount() {}

  /** A count with its noun: {@code 1 row}, {@code 2,000 rows}. */
  public static String of(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }

  /** A size in the unit, in powers of 1,000, that suits it: {@code 1 byte}, {@code 1.34 GB}. */
  public static String bytes(long bytes) {
    if (bytes < 1000) {
      return of(bytes, "byte");
    }
    double size = bytes;
    int unit = -1;
    // What would be shown as 1,000 is one of the next unit.
    while (size >= 999.5 && unit < UNITS.size() - 1) {
      size /= 1000;
      unit++;
    }
    return threeDigits(size) + " " + UNITS.get(unit);
  }

  /** A rate without its unit: three digits, or all before the point. */
  public static String rate(double perSecond) {
    return threeDigits(perSecond);
  }

  /** A time: {@code 9.5 s}, {@code 3 min 27 s}, {@code 1 h 2 min}. */
  public static String time(Duration time) {
    long seconds = Math.round(time.toMillis() / 1e3);
    if (time.toMillis() < MINUTE * 1000 - 50) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }
    return seconds < HOUR
        ? "%d min %d s".formatted(seconds / MINUTE, seconds % MINUTE)
        : "%d h %d min".formatted(seconds / HOUR, seconds % HOUR / MINUTE);
  }

  private static String threeDigits(double value) {
    int decimals = value >= 99.95 || value == 0 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
