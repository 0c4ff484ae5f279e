package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Floating-point operations per token, where a multiplication and an addition are two. Only the
 * matrix products of linear layers and attention count; embeddings, normalization, activations,
 * pooling, heads and padding do not.
 *
 * @param linear operations of the linear layers
 * @param attention operations of attention, the mean over the tokens of the texts, since they grow
 *     with the length of a text
 */
@JsonNaming(SnakeCaseStrategy.class)
public record FlopPerToken(double linear, double attention) {
  /**
   * @throws IllegalArgumentException if a count is not positive
   */
  public FlopPerToken {
    Checks.positive("FLOP of linear layers", linear);
    Checks.positive("FLOP of attention", attention);
  }

  /**
   * The operations that a model needs for texts: {@code 2 * (3h^2 + h^2 + 2h * inner)} per layer
   * and token for query, key, value, their output and both layers of the feed-forward block; {@code
   * 4 * h * n} per layer and token for scores and weighted sum over the {@code n} tokens of its
   * text.
   *
   * @param tokens number of tokens of each text; at least one text
   */
  public static FlopPerToken of(ModelShape shape, int[] tokens) {
    double h = shape.hidden();
    double all = 0;
    double squares = 0;
    for (int n : tokens) {
      all += n;
      squares += (double) n * n;
    }
    return new FlopPerToken(
        2 * (4 * h * h + 2 * h * shape.inner()) * shape.layers(),
        4 * h * shape.layers() * squares / all);
  }

  /** The sum of both. */
  public double sum() {
    return linear + attention;
  }
}
