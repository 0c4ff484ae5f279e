package org.sparkgbert.bench;

import java.util.SplittableRandom;

/** Distributions of text lengths, in tokens including special tokens. */
public enum TextLengths {
  /**
   * Sentences: the 2,513 distinct sentences of STSb-de's test split, counted by the tokenizer of
   * bert-base-multilingual-cased. Half have at most 16 tokens, 95 % at most 41.
   */
  STSB,
  /** Paragraphs of 100 to 400 tokens, all lengths equally frequent. */
  NEWS;

  /** Quantiles in steps of 5 %, from the shortest to the longest sentence. */
  private static final int[] STSB_QUANTILES = {
    6, 9, 10, 11, 11, 12, 13, 13, 14, 15, 16, 16, 17, 19, 20, 22, 24, 28, 33, 41, 71
  };

  private static final int[] NEWS_QUANTILES = {100, 400};

  /** Draws a length, interpolating linearly between quantiles. */
  int draw(SplittableRandom random) {
    int[] quantiles =
        switch (this) {
          case STSB -> STSB_QUANTILES;
          case NEWS -> NEWS_QUANTILES;
        };
    double place = random.nextDouble() * (quantiles.length - 1);
    int below = (int) place;
    double length = quantiles[below] + (place - below) * (quantiles[below + 1] - quantiles[below]);
    return (int) Math.round(length);
  }
}
