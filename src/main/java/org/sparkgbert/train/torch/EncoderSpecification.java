package org.sparkgbert.train.torch;

import java.util.Objects;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Pooling;

/**
 * A sentence encoder of BERT's layout: embeddings, layers with LayerNorm after attention and after
 * the feed-forward block, pooling, and optionally a division by the vector's length.
 *
 * <p>With {@link EncoderShape#firstPosition()} 0, positions count all tokens, as in BERT. In
 * RoBERTa and XLM-R the first position follows the padding token's id, and positions count the
 * tokens that are not that token.
 *
 * @param shape its sizes
 * @param paddingToken id of the padding token: where a text itself holds it, its embedding is used
 *     but not trained, as PyTorch's {@code padding_idx} says
 * @param layerNormEpsilon what LayerNorm adds to the variance
 * @param activation the activation inside feed-forward layers
 * @param tokenTypes rows of the table of token types, of which row 0 is used; 0 if there is none
 * @param hiddenDropout probability that training drops an element of the hidden states, in [0, 1)
 * @param attentionDropout probability that training drops an attention weight, in [0, 1)
 * @param pooling {@link Pooling#MEAN} or {@link Pooling#CLS}
 * @param normalize whether vectors are divided by their length
 */
public record EncoderSpecification(
    EncoderShape shape,
    int paddingToken,
    double layerNormEpsilon,
    HiddenActivation activation,
    int tokenTypes,
    double hiddenDropout,
    double attentionDropout,
    Pooling pooling,
    boolean normalize) {
  /**
   * @throws IllegalArgumentException if a value is out of range, or the pooling is another
   */
  public EncoderSpecification {
    Objects.requireNonNull(shape, "shape is missing");
    Objects.requireNonNull(activation, "activation is missing");
    if (paddingToken < 0 || paddingToken >= shape.vocabulary()) {
      throw new IllegalArgumentException(
          "Cannot train encoder: pad_token_id must be from 0 to %d, found %d"
              .formatted(shape.vocabulary() - 1, paddingToken));
    }
    if (shape.firstPosition() > 0 && shape.firstPosition() != paddingToken + 1) {
      throw new IllegalArgumentException(
          "Cannot train encoder: the first position must be 0 or follow pad_token_id %d, found %d"
              .formatted(paddingToken, shape.firstPosition()));
    }
    if (!(layerNormEpsilon > 0 && layerNormEpsilon < 1)) {
      throw new IllegalArgumentException(
          "Cannot train encoder: layer_norm_eps must be between 0 and 1, found "
              + layerNormEpsilon);
    }
    if (tokenTypes < 0) {
      throw new IllegalArgumentException(
          "Cannot train encoder: type_vocab_size must not be negative, found " + tokenTypes);
    }
    requireProbability("hidden_dropout_prob", hiddenDropout);
    requireProbability("attention_probs_dropout_prob", attentionDropout);
    if (pooling != Pooling.MEAN && pooling != Pooling.CLS) {
      throw new IllegalArgumentException(
          "Cannot train encoder: pooling must be mean or cls, found " + pooling);
    }
  }

  /** Whether positions count only the tokens that are not the padding token. */
  boolean skipsPadding() {
    return shape.firstPosition() > 0;
  }

  private static void requireProbability(String name, double found) {
    if (!(found >= 0 && found < 1)) {
      throw new IllegalArgumentException(
          "Cannot train encoder: %s must be at least 0 and below 1, found %s"
              .formatted(name, found));
    }
  }
}
