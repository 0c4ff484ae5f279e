package org.sparkgbert.convert.hub;

/** Hears how a download goes. Calls come from several threads, never two at once. */
public interface DownloadListener {
  /**
   * Comes once, before the first large file: what is still missing.
   *
   * @param bytes total size of the missing files, partial ones at their full size
   * @param files count of the missing files
   */
  void expect(long bytes, int files);

  /**
   * More of the expected bytes are here.
   *
   * @param bytes count since the last call: what an earlier run had left of a partial file comes in
   *     one call, and it is negative where a partial file has to be started over
   */
  void received(long bytes);

  /** Something that a user may want to read, one line. */
  void note(String line);
}
