package org.sparkgbert.convert.hub;

/** Passes the calls of many threads on, one at a time. */
final class OneAtATime implements Progress {
  private final Progress listener;

  OneAtATime(Progress listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void expect(long bytes, int files) {
    listener.expect(bytes, files);
  }

  @Override
  public synchronized void received(long bytes) {
    listener.received(bytes);
  }

  @Override
  public synchronized void note(String line) {
    listener.note(line);
  }
}
