package org.sparkgbert.convert.graph;

/**
 * The shape of a BERT or XLM-RoBERTa encoder.
 *
 * @param family {@code bert} or {@code xlm-roberta}
 * @param layers count of layers
 * @param hiddenSize width of the hidden states
 * @param heads attention heads, a divisor of the hidden size
 * @param intermediateSize width inside a feed-forward layer
 * @param vocabulary count of token embeddings
 * @param positions rows of the position table
 * @param firstPosition row of the first token: 0, or for XLM-RoBERTa the padding's id and one
 * @param tokenTypes rows of the token type table
 * @param layerNormEpsilon added to the variance
 * @param tanhGelu whether gelu is its tanh form
 */
public record EncoderShape(
    String family,
    int layers,
    int hiddenSize,
    int heads,
    int intermediateSize,
    int vocabulary,
    int positions,
    int firstPosition,
    int tokenTypes,
    double layerNormEpsilon,
    boolean tanhGelu) {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public EncoderShape {
    require("num_hidden_layers", layers, 1, 1_000);
    require("hidden_size", hiddenSize, 1, 65_536);
    require("num_attention_heads", heads, 1, hiddenSize);
    require("intermediate_size", intermediateSize, 1, 1 << 20);
    require("vocab_size", vocabulary, 1, 1 << 24);
    require("max_position_embeddings", positions, 1, 1 << 20);
    require("type_vocab_size", tokenTypes, 1, 65_536);
    if (hiddenSize % heads != 0) {
      throw new IllegalArgumentException(
          "Cannot build encoder: num_attention_heads must divide hidden_size %d, found %d"
              .formatted(hiddenSize, heads));
    }
    if (firstPosition < 0 || firstPosition >= positions) {
      throw new IllegalArgumentException(
          "Cannot build encoder: %d positions leave no room after %d"
              .formatted(positions, firstPosition));
    }
    if (!(layerNormEpsilon > 0 && layerNormEpsilon < 1)) {
      throw new IllegalArgumentException(
          "Cannot build encoder: layer_norm_eps must be between 0 and 1, found "
              + layerNormEpsilon);
    }
  }

  private static void require(String name, int found, int least, int most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "Cannot build encoder: %s must be from %d to %d, found %d"
              .formatted(name, least, most, found));
    }
  }

  /** Most tokens of a sequence. */
  public int maxTokens() {
    return positions - firstPosition;
  }
}
