package org.sparkgbert.lake;

import java.util.Map;

/**
 * A table that was written.
 *
 * @param location where it is
 * @param run the run that wrote it
 * @param rows number of rows
 * @param rowsByStatus for each status column, its row counts by status
 * @param files number of data files, 0 if the format tracks its own files
 * @param bytes length of the data files, 0 likewise
 * @param warning what its user should know, empty if nothing
 */
public record WrittenTable(
    String location,
    RunInfo run,
    long rows,
    Map<String, Map<String, Long>> rowsByStatus,
    int files,
    long bytes,
    String warning) {

  WrittenTable withWarning(String text) {
    return new WrittenTable(location, run, rows, rowsByStatus, files, bytes, text);
  }
}
