package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * The shape of a transformer encoder.
 *
 * @param layers number of transformer layers
 * @param hidden width of the hidden states
 * @param inner width between the two linear layers of a feed-forward block
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ModelShape(int layers, int hidden, int inner) {
  /**
   * @throws IllegalArgumentException if a size is not positive
   */
  public ModelShape {
    Checks.positive("layers", layers);
    Checks.positive("hidden size", hidden);
    Checks.positive("inner size", inner);
  }

  /** A shape whose feed-forward blocks are four times as wide inside, like BERT's. */
  public static ModelShape of(int layers, int hidden) {
    return new ModelShape(layers, hidden, 4 * hidden);
  }
}
