package org.sparkgbert.job;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import org.sparkgbert.action.Amount;

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
    String speed = Amount.of(rows, "row") + ", " + Amount.rate(perSecond(rows, took)) + " rows/s";
    if (total.isEmpty() || total.getAsLong() == 0) {
      return speed + ", " + clock(took);
    }
    double share = Math.min(1, (double) rows / total.getAsLong());
    String of =
        String.format(
            Locale.ROOT, "%3.0f %% of %s", 100 * share, Amount.of(total.getAsLong(), "row"));
    return (withBar ? bar(share) : "")
        + of
        + ", "
        + speed
        + ", "
        + left(rows, total.getAsLong(), took);
  }

  /**
   * @param stage the stage, such as {@code find clusters}
   * @param took time since its start
   */
  static String ofStage(String stage, Duration took) {
    return stage + ", " + clock(took);
  }

  /**
   * @param done number of steps done
   * @param total total number of steps
   * @param noun what a step is
   */
  static String ofSteps(String stage, long done, long total, String noun, Duration took) {
    return "%s: %,d of %s, %s".formatted(stage, done, Amount.of(total, noun), clock(took));
  }

  /**
   * @param done number of steps done since the stage began
   * @param total total number of steps
   * @param noun what a step is
   * @param detail what the last step tells of itself
   */
  static String ofSteps(long done, long total, String noun, String detail, Duration took) {
    return String.format(
        Locale.ROOT,
        "%3.0f %% of %s, %s, %s",
        100.0 * done / Math.max(1, total),
        Amount.of(total, noun),
        detail,
        left(done, total, took));
  }

  private static String left(long done, long total, Duration took) {
    return done == 0
        ? "time left unknown"
        : clock(Duration.ofSeconds(Math.round((total - done) / perSecond(done, took)))) + " left";
  }

  private static double perSecond(long done, Duration took) {
    return done / Math.max(1e-3, took.toMillis() / 1e3);
  }

  /**
   * @param bytes number of bytes done
   * @param total total number of bytes, at least 1
   */
  static String ofBytes(long bytes, long total) {
    double share = Math.min(1, (double) bytes / total);
    return bar(share)
        + String.format(Locale.ROOT, "%3.0f %% of %s", 100 * share, Amount.bytes(total));
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
