package org.sparkgbert.lake;

import java.util.Map;

/**
 * A table that was written.
 *
 * @param location where it is
 * @param rows count of rows
 * @param rowsByStatus for each status column its counts of rows by status
 * @param files count of data files, 0 where the format tracks its own files
 * @param bytes length of the data files, 0 likewise
 * @param warning what its user should know, empty otherwise
 */
public record WrittenTable(
    String location,
    long rows,
    Map<String, Map<String, Long>> rowsByStatus,
    int files,
    long bytes,
    String warning) {

  WrittenTable withWarning(String text) {
    return new WrittenTable(location, rows, rowsByStatus, files, bytes, text);
  }
}
