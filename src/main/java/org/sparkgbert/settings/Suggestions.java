package org.sparkgbert.settings;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what a user meant. */
public final class Suggestions {
  private Suggestions() {}

  /** The known word with the fewest edits; the first of equals. */
  public static String nearest(String word, Collection<String> known) {
    return known.stream()
        .sorted()
        .min(
            Comparator.comparingInt(
                candidate -> LevenshteinDistance.getDefaultInstance().apply(word, candidate)))
        .orElseThrow();
  }
}
