package org.sparkgbert.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what a user meant. */
public final class Suggestions {
  /** Of fewer letters, too many words are near. */
  private static final int LEAST_LETTERS = 3;

  private Suggestions() {}

  /**
   * The known word that a user may have meant: the first in alphabetical order that begins with
   * what was typed, else the one with the smallest edit distance. Words that differ in more than
   * about a third of their letters are unrelated; case does not matter.
   *
   * @return empty if no known word is near
   */
  public static Optional<String> nearest(String word, Collection<String> known) {
    long letters = word.chars().filter(Character::isLetterOrDigit).count();
    if (letters < LEAST_LETTERS) {
      return Optional.empty();
    }
    List<String> sorted = known.stream().sorted().toList();
    return sorted.stream()
        .filter(candidate -> candidate.startsWith(word))
        .findFirst()
        .or(
            () ->
                sorted.stream()
                    .filter(candidate -> distance(word, candidate) <= (letters + 2) / 3)
                    .min(Comparator.comparingInt(candidate -> distance(word, candidate))));
  }

  private static int distance(String word, String candidate) {
    return LevenshteinDistance.getDefaultInstance()
        .apply(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
  }
}
