package org.sparkgbert.lake;

/** What happens to an existing table. */
public enum WriteMode {
  /** It stays, and the run is refused. */
  ERROR,
  /** The new table takes its place, in one step, when it is complete. */
  OVERWRITE
}
