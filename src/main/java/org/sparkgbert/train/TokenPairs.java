package org.sparkgbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TokenizedText;

/**
 * Tokenized pairs; equal sentences share their token ids.
 *
 * @param first token ids of the first sentences, {@code [pairs][tokens]}, special tokens included
 * @param second token ids of the second sentences, likewise
 * @param scores gold scores from 0 to 1; NaN where there is none
 * @param empty pairs left out, since a sentence has no token that the model knows
 * @param cut distinct sentences that are longer than the model reads
 */
record TokenPairs(int[][] first, int[][] second, double[] scores, long empty, long cut) {
  /** Tokenizes pairs, in their order. */
  static TokenPairs of(List<Pair> pairs, SentenceTokenizer tokenizer) {
    Map<String, TokenizedText> known = new HashMap<>();
    Map<TokenizedText, int[]> ids = new IdentityHashMap<>();
    List<int[]> first = new ArrayList<>();
    List<int[]> second = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    for (Pair pair : pairs) {
      TokenizedText left = known.computeIfAbsent(pair.first(), tokenizer::tokenize);
      TokenizedText right = known.computeIfAbsent(pair.second(), tokenizer::tokenize);
      if (!left.isEmpty() && !right.isEmpty()) {
        first.add(ids.computeIfAbsent(left, TokenPairs::ids));
        second.add(ids.computeIfAbsent(right, TokenPairs::ids));
        scores.add(pair.score());
      }
    }
    return new TokenPairs(
        first.toArray(int[][]::new),
        second.toArray(int[][]::new),
        scores.stream().mapToDouble(Double::doubleValue).toArray(),
        pairs.size() - (long) first.size(),
        known.values().stream().filter(TokenizedText::truncated).count());
  }

  private static int[] ids(TokenizedText text) {
    return Arrays.stream(text.sequences().get(0)).mapToInt(Math::toIntExact).toArray();
  }

  int size() {
    return first.length;
  }
}
