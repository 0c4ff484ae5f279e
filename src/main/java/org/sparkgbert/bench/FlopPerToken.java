package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Floating-point operations that one token needs, a multiplication and an addition being two. Only
 * matrix products count: of linear layers and of attention. Embeddings, normalization, activations,
 * pooling and heads do not, and padding does not.
 *
 * @param linear of the linear layers
 * @param attention of attention, mean over the tokens of the texts, since it grows with a text
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
   * What a model needs for texts: {@code 2 * (3h^2 + h^2 + 2h * inner)} per layer and token for
   * query, key, value, their output and both layers of the feed-forward block; {@code 4 * h * n}
   * per layer and token for scores and weighted sum over the {@code n} tokens of its text.
   *
   * @param tokens tokens of each text; at least one text
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

  /** Both together. */
  public double sum() {
    return linear + attention;
  }
}
