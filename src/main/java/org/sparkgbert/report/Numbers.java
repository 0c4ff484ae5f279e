package org.sparkgbert.report;

import java.util.Locale;
import org.sparkgbert.action.Amount;

/** Numbers as people read them. */
final class Numbers {
  private static final String UNDEFINED = "–";

  private Numbers() {}

  /** A count, with commas between thousands. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A count with its noun: 1 row, 2 rows. */
  static String count(long count, String noun) {
    return Amount.of(count, noun);
  }

  /** Cores of a machine or a job. */
  static String cores(int cores) {
    return count(cores, "core");
  }

  /** A correlation or similarity, with four digits after the point; a dash where undefined. */
  static String correlation(Double value) {
    return value == null || !Double.isFinite(value)
        ? UNDEFINED
        : String.format(Locale.ROOT, "%.4f", value).replace('-', '−');
  }

  /** Both ends of an interval; empty where one is undefined. */
  static String interval(Double low, Double high) {
    return low == null || high == null ? "" : correlation(low) + " to " + correlation(high);
  }

  /** A measured value of any size, with three significant digits, or more before the point. */
  static String measured(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.995 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** A share, as a percentage. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Bytes, in units of 10^9. */
  static String gigabytes(double bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
