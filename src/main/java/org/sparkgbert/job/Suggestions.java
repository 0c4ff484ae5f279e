package org.sparkgbert.job;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what a user meant. */
final class Suggestions {
  private Suggestions() {}

  /** The known word with the fewest edits; the first of equals. */
  static String nearest(String word, Collection<String> known) {
    return known.stream()
        .sorted()
        .min(
            Comparator.comparingInt(
                candidate -> LevenshteinDistance.getDefaultInstance().apply(word, candidate)))
        .orElseThrow();
  }
}
