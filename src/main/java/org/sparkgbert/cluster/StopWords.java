package org.sparkgbert.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** German words that cannot label a cluster: function words, and words as common as those. */
final class StopWords {
  private static final Set<String> ALWAYS = read("stop-words.txt");

  /** Stop words that are different words when written as nouns: {@code macht} and {@code Macht}. */
  private static final Set<String> UNLESS_NOUN = read("stop-words-unless-nouns.txt");

  private StopWords() {}

  /**
   * @param word in lower case and NFC
   * @param noun whether it has a capital that is not due to the start of a sentence
   */
  static boolean contains(String word, boolean noun) {
    return ALWAYS.contains(word) || (!noun && UNLESS_NOUN.contains(word));
  }

  private static Set<String> read(String resource) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                StopWords.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .flatMap(line -> Stream.of(line.split(" ", -1)))
          .flatMap(word -> Stream.of(word, withoutUmlauts(word), word.replace("ß", "ss")))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read stop words " + resource, e);
    }
  }

  private static String withoutUmlauts(String word) {
    return word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss");
  }
}
