package org.sparkgbert.job;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** A line that says how far a job has come. */
final class ProgressLine {
  private static final int BAR = 30;

  private ProgressLine() {}

  /**
   * @param rows rows done
   * @param total rows there are, if known
   * @param took time since the start
   * @param withBar whether a bar is drawn
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
    int filled = (int) Math.round(BAR * share);
    String bar = withBar ? "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " : "";
    return bar + of + ", " + speed + ", " + left;
  }

  private static String clock(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
