package org.sparkgbert.encode;

import org.sparkgbert.settings.Labels;

/** What happened to a text. */
public enum EmbeddingStatus {
  /** The whole text is in its embedding. */
  OK,
  /** The text was longer than what is read; its embedding covers only a part. */
  TRUNCATED,
  /** Null, blank, or nothing that the model could read; no embedding. */
  EMPTY,
  /** The text could not be encoded; no embedding, but a reason. */
  FAILED,
  /** There was no text to begin with: an id that is in no table of embeddings. */
  MISSING;

  /** As stored in tables: the name in lower case. */
  public String label() {
    return Labels.of(this);
  }
}
