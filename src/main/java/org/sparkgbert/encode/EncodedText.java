package org.sparkgbert.encode;

/**
 * The embedding of one text.
 *
 * @param status what happened to the text
 * @param embedding {@code [dimension]}, null unless the status is {@code OK} or {@code TRUNCATED}.
 *     Equal texts share one array; not copied.
 * @param tokens tokens of the text before any cut, special tokens and prompt included; 0 for null
 *     and blank texts
 * @param error why it failed, null otherwise
 */
public record EncodedText(EmbeddingStatus status, float[] embedding, int tokens, String error) {
  static EncodedText empty(int tokens) {
    return new EncodedText(EmbeddingStatus.EMPTY, null, tokens, null);
  }

  static EncodedText failed(int tokens, String error) {
    return new EncodedText(EmbeddingStatus.FAILED, null, tokens, error);
  }
}
