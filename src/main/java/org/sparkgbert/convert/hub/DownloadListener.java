package org.sparkgbert.convert.hub;

/** Is told how a download proceeds. Calls come from several threads, but never two at once. */
public interface DownloadListener {
  /**
   * Called once, before the first large file, with what is still missing.
   *
   * @param bytes total size of the missing files, partial ones at their full size
   * @param files number of missing files
   */
  void expect(long bytes, int files);

  /**
   * More of the expected bytes have arrived.
   *
   * @param bytes number since the last call: what an earlier run left of a partial file is reported
   *     in one call; negative if a partial file has to be downloaded again from the start
   */
  void received(long bytes);

  /** Something that a user may want to read, in one line. */
  void note(String line);
}
