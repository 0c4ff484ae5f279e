package org.sparkgbert.train;

import org.sparkgbert.settings.Labels;

/** What training makes small. */
public enum LossChoice implements Labels.Hyphenated {
  /** Similar pairs near each other, others at least a margin apart: needs labels. */
  CONTRASTIVE,
  /** The squared difference of cosine and score. */
  COSINE_SIMILARITY,
  /** The order of the cosines against the order of the scores. */
  COSENT,
  /** The second sentence of a pair among those of its batch: needs similar pairs, no scores. */
  MULTIPLE_NEGATIVES_RANKING;

  /** Whether each pair needs a score. */
  boolean needsScores() {
    return switch (this) {
      case CONTRASTIVE, COSINE_SIMILARITY, COSENT -> true;
      case MULTIPLE_NEGATIVES_RANKING -> false;
    };
  }
}
