package org.sparkgbert.settings;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what a user meant. */
public final class Suggestions {
  private Suggestions() {}

  /**
   * The known word with the smallest edit distance; of several, the first in alphabetical order.
   */
  public static String nearest(String word, Collection<String> known) {
    return known.stream()
        .sorted()
        .min(
            Comparator.comparingInt(
                candidate -> LevenshteinDistance.getDefaultInstance().apply(word, candidate)))
        .orElseThrow();
  }
}
