package org.sparkgbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sparkgbert.sts.Correlation;
import org.sparkgbert.vector.Similarity;

/**
 * Pairs to evaluate on.
 *
 * @param pairs tokenized pairs with gold scores
 */
record DevSet(TokenPairs pairs) {
  private static final int MOST_TEXTS = 64;
  private static final int MOST_TOKENS = 8_192;

  /**
   * Evaluates an encoder as {@code EmbeddingSimilarityEvaluator} of sentence-transformers does, by
   * cosine.
   *
   * @param encoder token ids to vectors
   * @param epoch epochs done
   * @param step steps done
   * @throws IllegalStateException if a vector is not finite
   */
  DevScore evaluate(Function<int[][], float[][]> encoder, double epoch, long step) {
    Map<int[], float[]> vectors = vectors(encoder, step);
    double[] cosines = new double[pairs.size()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] =
          Similarity.COSINE
              .of(vectors.get(pairs.first()[i]), vectors.get(pairs.second()[i]))
              .orElse(0);
    }
    return new DevScore(
        epoch,
        step,
        orNull(Correlation.pearson(pairs.scores(), cosines)),
        orNull(Correlation.spearman(pairs.scores(), cosines)));
  }

  /** By identity: equal sentences share their token ids. */
  private Map<int[], float[]> vectors(Function<int[][], float[][]> encoder, long step) {
    Map<int[], float[]> vectors = new IdentityHashMap<>();
    for (int[][] batch : batches()) {
      float[][] found = encoder.apply(batch);
      for (int row = 0; row < batch.length; row++) {
        requireFinite(found[row], step);
        vectors.put(batch[row], found[row]);
      }
    }
    return vectors;
  }

  private static void requireFinite(float[] vector, long step) {
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new IllegalStateException(
            "Cannot evaluate at step %d: vectors must be finite, found %s; lower the learning rate, or look for weights that are far too large"
                .formatted(step, value));
      }
    }
  }

  /** Texts of similar length together. */
  private List<int[][]> batches() {
    Map<int[], Boolean> distinct = new IdentityHashMap<>();
    List<int[]> texts = new ArrayList<>();
    Stream.concat(Arrays.stream(pairs.first()), Arrays.stream(pairs.second()))
        .filter(text -> distinct.put(text, true) == null)
        .forEach(texts::add);
    texts.sort(Comparator.comparingInt((int[] text) -> text.length).reversed());
    List<int[][]> batches = new ArrayList<>();
    int from = 0;
    while (from < texts.size()) {
      int rows = Math.max(1, Math.min(MOST_TEXTS, MOST_TOKENS / texts.get(from).length));
      int to = Math.min(texts.size(), from + rows);
      batches.add(texts.subList(from, to).toArray(int[][]::new));
      from = to;
    }
    return batches;
  }

  private static Double orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
