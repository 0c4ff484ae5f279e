package org.sparkgbert.tokenize;

import java.util.List;

/**
 * Token ids of one text, ready for an encoder.
 *
 * @param tokens tokens of the whole text before any cut, special tokens and prompt included; for a
 *     text with too many characters, those of the part that is read
 * @param truncated whether the embedding does not cover the whole text
 * @param sequences token ids with special tokens, each within the model's limit: none for a text
 *     without a token of its own, normally one, several for a long text in chunks. Owned, not
 *     copied.
 * @param contentTokens for each sequence, how many tokens of the text it holds: its weight in the
 *     text's embedding
 */
public record TokenizedText(
    int tokens, boolean truncated, List<long[]> sequences, int[] contentTokens) {

  /** Whether the text has no token of its own, only what the model adds. */
  public boolean isEmpty() {
    return sequences.isEmpty();
  }
}
