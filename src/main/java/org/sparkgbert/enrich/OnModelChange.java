package org.sparkgbert.enrich;

import org.sparkgbert.settings.Labels;

/** What happens if a table has vectors of another model, or of other settings. */
public enum OnModelChange implements Labels.Hyphenated {
  /** The run is refused. */
  FAIL,
  /** All texts are encoded again. */
  RE_ENCODE,
  /** The vectors get a column of their own, and the old column stays. */
  NEW_COLUMN
}
