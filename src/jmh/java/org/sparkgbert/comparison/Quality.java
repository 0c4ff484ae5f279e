package org.sparkgbert.comparison;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.sparkgbert.vector.Similarity;

/**
 * How good the vectors of a contender are.
 *
 * @param mean mean cosine of a sentence's vector with that of our encoder in float32
 * @param lowest the lowest of these cosines
 * @param spearman rank correlation of the pairs' cosines with their gold scores
 * @param alone the lowest cosine of a sentence's vector from a batch of many with that from a batch
 *     of its own
 */
record Quality(double mean, double lowest, double spearman, double alone) {

  /**
   * Measures it, which warms the contender up.
   *
   * @param expected vectors of our encoder in float32, for the sentences of the pairs
   * @param few how many of these sentences are encoded alone too
   */
  static Quality of(Contender contender, GoldPairs pairs, List<float[]> expected, int few) {
    List<String> sentences = pairs.sentences();
    List<float[]> vectors = contender.encode(sentences);
    List<float[]> alone = contender.encodeAlone(sentences.subList(0, few));
    double[] cosines = cosines(expected, vectors);
    Map<String, float[]> bySentence = new HashMap<>();
    for (int row = 0; row < vectors.size(); row++) {
      bySentence.put(sentences.get(row), vectors.get(row));
    }
    return new Quality(
        Arrays.stream(cosines).average().orElseThrow(),
        lowest(cosines),
        pairs.spearman(bySentence),
        lowest(cosines(vectors.subList(0, few), alone)));
  }

  private static double[] cosines(List<float[]> some, List<float[]> others) {
    if (some.size() != others.size()) {
      throw new IllegalStateException(
          "Cannot compare: a vector for each sentence must be there, found %d and %d"
              .formatted(some.size(), others.size()));
    }
    return IntStream.range(0, some.size())
        .mapToDouble(row -> Similarity.COSINE.of(some.get(row), others.get(row)).getAsDouble())
        .toArray();
  }

  private static double lowest(double[] cosines) {
    return Arrays.stream(cosines).min().orElseThrow();
  }
}
