package org.sparkgbert.job;

import java.time.Duration;
import java.util.Locale;
import org.sparkgbert.convert.hub.DownloadListener;

/** Shows a download: a bar on a terminal, else a line every half minute. */
final class DownloadProgress implements DownloadListener {
  private static final int BAR = 30;

  private final Console console;
  private final long period;
  private long expected;
  private long received;
  private long lastShown;

  DownloadProgress(Console console) {
    this.console = console;
    this.period = Duration.ofSeconds(console.isTerminal() ? 1 : 30).toNanos();
  }

  @Override
  public void expect(long bytes, int files) {
    expected = bytes;
    lastShown = System.nanoTime();
    console.note(String.format(Locale.ROOT, "Downloading %d files, %,.1f MB", files, bytes / 1e6));
  }

  @Override
  public void received(long bytes) {
    received += bytes;
    if (System.nanoTime() - lastShown >= period) {
      lastShown = System.nanoTime();
      show();
    }
  }

  private void show() {
    double share = expected == 0 ? 1 : Math.min(1, (double) received / expected);
    int filled = (int) Math.round(BAR * share);
    String line =
        String.format(
            Locale.ROOT,
            "[%s%s] %3.0f %% of %,.1f MB",
            "#".repeat(filled),
            ".".repeat(BAR - filled),
            100 * share,
            expected / 1e6);
    if (console.isTerminal()) {
      console.redraw(line);
    } else {
      console.note(line);
    }
  }

  @Override
  public void note(String line) {
    console.note(line);
  }

  /** Shows the end, if anything was downloaded. */
  void end() {
    if (expected > 0) {
      show();
      console.note("");
    }
  }
}
