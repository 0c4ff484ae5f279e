package org.sparkgbert.enrich;

/** What happens to the rows of a table whose ids are gone from the corpus. */
public enum Vanished {
  /** They go. */
  REMOVE,
  /** They stay as they are. */
  KEEP
}
