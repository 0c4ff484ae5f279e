package org.sparkgbert.convert.graph;

/**
 * The sizes of an encoder.
 *
 * @param family the architecture, such as {@code bert}
 * @param layers number of layers
 * @param hiddenSize width of the hidden states
 * @param heads attention heads, a divisor of the hidden size
 * @param intermediateSize width inside a feed-forward layer
 * @param vocabulary number of token embeddings
 * @param positions number of positions that the encoder knows
 * @param firstPosition position of the first token
 */
public record EncoderShape(
    String family,
    int layers,
    int hiddenSize,
    int heads,
    int intermediateSize,
    int vocabulary,
    int positions,
    int firstPosition) {
  /** The largest width of anything but feed-forward layers. */
  public static final int WIDEST = 65_536;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public EncoderShape {
    require("num_hidden_layers", layers, 1, 1_000);
    require("hidden_size", hiddenSize, 1, WIDEST);
    require("num_attention_heads", heads, 1, hiddenSize);
    require("intermediate_size", intermediateSize, 1, 1 << 20);
    require("vocab_size", vocabulary, 1, 1 << 24);
    require("max_position_embeddings", positions, 1, 1 << 20);
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
  }

  /**
   * Checks a size of an encoder.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public static void require(String name, int found, int least, int most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "Cannot build encoder: %s must be from %d to %d, found %d"
              .formatted(name, least, most, found));
    }
  }

  /** Maximum number of tokens per sequence. */
  public int maxTokens() {
    return positions - firstPosition;
  }

  /** Width of an attention head. */
  public int headSize() {
    return hiddenSize / heads;
  }
}
