package org.sparkgbert.lake;

/** What becomes of a table that is already there. */
public enum WriteMode {
  /** It stays, and the run is refused. */
  ERROR,
  /** The new table takes its place, in one step, when it is complete. */
  OVERWRITE
}
