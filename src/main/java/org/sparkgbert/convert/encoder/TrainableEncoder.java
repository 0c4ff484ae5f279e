package org.sparkgbert.convert.encoder;

import java.util.List;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderShape;

/**
 * What training knows of an encoder with BERT's embeddings and layers.
 *
 * @param shape its sizes
 * @param tokenTypes rows of the table of token types, of which only the first is used
 * @param epsilon what LayerNorm adds to the variance
 * @param isExactGelu whether gelu is computed with the error function, not approximated
 */
public record TrainableEncoder(
    EncoderShape shape, int tokenTypes, double epsilon, boolean isExactGelu) {
  private static final List<String> FAMILIES = List.of("bert", "xlm-roberta");

  /**
   * @throws IllegalArgumentException if the encoder is of another architecture
   */
  public static TrainableEncoder of(Encoder encoder) {
    String family = encoder.shape().family();
    if (encoder instanceof PostNormEncoder found && FAMILIES.contains(family)) {
      return new TrainableEncoder(
          found.shape(),
          found.embeddings().tokenTypes(),
          found.epsilon(),
          found.gelu() == Gelu.EXACT);
    }
    throw new IllegalArgumentException(
        "Cannot train model: its architecture must be BERT, RoBERTa or XLM-RoBERTa, found "
            + family);
  }
}
