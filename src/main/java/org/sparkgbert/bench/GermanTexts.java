package org.sparkgbert.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/**
 * Generated texts that resemble German ones as far as speed is concerned: real words with
 * frequencies by Zipf's law, the r-th most frequent with a weight of 1/r, up to a length in tokens.
 * The same seed gives the same texts.
 *
 * <p><b>Threads:</b> for one thread at a time.
 */
final class GermanTexts implements TextSource {
  private static final int TRIES = 24;
  private static final int MOST_TRIES = 1000;
  private static final String FILLER = ".";

  private final List<String> words;
  private final double[] cumulated;
  private final ToIntFunction<String> count;
  private final TextLengths lengths;
  private final int most;
  private final SplittableRandom random;
  private final Map<String, Integer> tokensOfWords = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final int around;

  /**
   * @param texts whose words are drawn
   * @param count counts the tokens of a text, including those that the tokenizer adds
   * @param most maximum number of tokens per text
   */
  GermanTexts(
      List<String> texts, ToIntFunction<String> count, TextLengths lengths, int most, long seed) {
    this.words = byFrequency(texts);
    this.cumulated = zipf(words.size());
    this.count = count;
    this.lengths = lengths;
    this.most = most;
    this.random = new SplittableRandom(seed);
    this.around = 2 * count.applyAsInt(FILLER) - count.applyAsInt(FILLER + " " + FILLER);
  }

  private static List<String> byFrequency(List<String> texts) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String text : texts) {
      for (String word : text.strip().split("\\s+", -1)) {
        counts.merge(word, 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static double[] zipf(int words) {
    double[] cumulated = new double[words];
    double sum = 0;
    for (int rank = 1; rank <= words; rank++) {
      sum += 1.0 / rank;
      cumulated[rank - 1] = sum;
    }
    return cumulated;
  }

  @Override
  public List<CountedText> take(int wanted) {
    List<CountedText> texts = new ArrayList<>(wanted);
    while (texts.size() < wanted) {
      texts.add(next());
    }
    return texts;
  }

  /** There are few texts of few tokens, so a length whose texts seem to be used up is increased. */
  private CountedText next() {
    int wanted = lengths.draw(random);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      String text = text(Math.min(most, Math.max(around + 1, wanted + tries / TRIES)));
      if (seen.add(text)) {
        return new CountedText(text, count.applyAsInt(text));
      }
    }
    throw new IllegalArgumentException(
        "Cannot make texts: there are not enough of at most %d tokens, found %d"
            .formatted(most, seen.size()));
  }

  private String text(int tokens) {
    List<String> drawn = new ArrayList<>();
    int left = tokens - around;
    for (int misses = 0; left > 0 && misses < TRIES; ) {
      String word = word();
      int cost = tokensOfWords.computeIfAbsent(word, each -> count.applyAsInt(each) - around);
      if (cost < 1 || cost > left) {
        misses++;
      } else {
        drawn.add(word);
        left -= cost;
      }
    }
    drawn.addAll(Collections.nCopies(left, FILLER));
    return String.join(" ", drawn);
  }

  private String word() {
    double place = random.nextDouble() * cumulated[cumulated.length - 1];
    int found = Arrays.binarySearch(cumulated, place);
    return words.get(Math.min(words.size() - 1, found < 0 ? -found - 1 : found));
  }
}
