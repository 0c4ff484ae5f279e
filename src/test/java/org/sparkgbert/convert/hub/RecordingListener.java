package org.sparkgbert.convert.hub;

import java.util.ArrayList;
import java.util.List;

/** Remembers what a download reports. */
final class RecordingListener implements DownloadListener {
  final List<String> notes = new ArrayList<>();
  final List<Long> pieces = new ArrayList<>();
  long expectedBytes = -1;
  int expectedFiles = -1;

  @Override
  public void expect(long bytes, int files) {
    expectedBytes = bytes;
    expectedFiles = files;
  }

  @Override
  public void received(long bytes) {
    pieces.add(bytes);
  }

  @Override
  public void note(String line) {
    notes.add(line);
  }

  long receivedBytes() {
    return pieces.stream().mapToLong(Long::longValue).sum();
  }
}
