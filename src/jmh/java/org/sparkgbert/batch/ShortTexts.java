package org.sparkgbert.batch;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Sequences of token ids with lengths like those of single German sentences. */
public final class ShortTexts {
  private static final int SHORTEST = 6;
  private static final int LONGEST = 96;
  private static final int VOCABULARY = 30_000;

  private ShortTexts() {}

  /** Lengths in tokens, log-normal around a median of 16, the same in every run. */
  public static int[] lengths(int count) {
    Random random = new Random(1);
    return IntStream.range(0, count)
        .map(each -> (int) Math.round(16 * Math.exp(0.45 * random.nextGaussian())))
        .map(length -> Math.max(SHORTEST, Math.min(LONGEST, length)))
        .toArray();
  }

  /** Token ids of these lengths. */
  public static List<long[]> sequences(int count) {
    Random random = new Random(2);
    return IntStream.of(lengths(count))
        .mapToObj(length -> random.longs(length, 0, VOCABULARY).toArray())
        .toList();
  }
}
