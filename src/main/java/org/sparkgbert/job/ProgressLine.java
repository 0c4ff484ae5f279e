package org.sparkgbert.job;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** A line that shows the progress of a job. */
final class ProgressLine {
  private static final int BAR = 30;

  private ProgressLine() {}

  /**
   * @param rows number of rows done
   * @param total total number of rows, if known
   * @param took time since the start
   * @param withBar whether to draw a bar
   */
  static String of(long rows, OptionalLong total, Duration took, boolean withBar) {
    double perSecond = rows / Math.max(1e-3, took.toMillis() / 1e3);
    String speed = String.format(Locale.ROOT, "%,d rows, %,.0f rows/s", rows, perSecond);
    if (total.isEmpty() || total.getAsLong() == 0) {
      return speed + ", " + clock(took);
    }
    double share = Math.min(1, (double) rows / total.getAsLong());
    String left =
        rows == 0
            ? "time left unknown"
            : clock(Duration.ofSeconds(Math.round((total.getAsLong() - rows) / perSecond)))
                + " left";
    String of = String.format(Locale.ROOT, "%3.0f %% of %,d rows", 100 * share, total.getAsLong());
    return (withBar ? bar(share) : "") + of + ", " + speed + ", " + left;
  }

  /**
   * @param bytes number of bytes done
   * @param total total number of bytes, at least 1
   */
  static String ofBytes(long bytes, long total) {
    double share = Math.min(1, (double) bytes / total);
    return bar(share)
        + String.format(Locale.ROOT, "%3.0f %% of %,.1f MB", 100 * share, total / 1e6);
  }

  private static String bar(double share) {
    int filled = (int) Math.round(BAR * share);
    return "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] ";
  }

  private static String clock(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
