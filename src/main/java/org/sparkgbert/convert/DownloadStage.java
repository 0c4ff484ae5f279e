package org.sparkgbert.convert;

import org.sparkgbert.action.Amount;
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.hub.DownloadListener;

/** Reports a download from the Hub as a stage that counts bytes. */
final class DownloadStage implements DownloadListener {
  private final Progress progress;
  private long expected;
  private long received;

  DownloadStage(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void expect(long bytes, int files) {
    expected = bytes;
    progress.note("Downloading %s, %s".formatted(Amount.of(files, "file"), Amount.bytes(bytes)));
    progress.bytes(received, expected);
  }

  @Override
  public void received(long bytes) {
    received += bytes;
    progress.bytes(received, expected);
  }

  @Override
  public void note(String line) {
    progress.note(line);
  }
}
