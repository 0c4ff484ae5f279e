package org.sparkgbert.lake;

/** What becomes of a table that a run began and did not publish. */
enum Unfinished {
  /** It is deleted. */
  DELETE,
  /** Its data files stay for the next run that can use them; see {@link FinishedFiles}. */
  KEEP
}
