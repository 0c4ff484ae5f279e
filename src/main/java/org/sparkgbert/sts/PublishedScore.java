package org.sparkgbert.sts;

import java.util.Objects;

/**
 * A figure that others published for a model, for comparison.
 *
 * @param model the model's name
 * @param spearman Spearman's rank correlation, from -1 to 1
 * @param source where it was published
 */
public record PublishedScore(String model, double spearman, String source) {
  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the correlation is not from -1 to 1
   */
  public PublishedScore {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(source, "source");
    if (!(Math.abs(spearman) <= 1)) {
      throw new IllegalArgumentException(
          "Cannot show the published score of %s: it must be from -1 to 1, found %s"
              .formatted(model, spearman));
    }
  }
}
