package org.sparkgbert.train.torch;

import java.util.Arrays;
import org.sparkgbert.convert.graph.EncoderShape;

/**
 * Texts laid end to end, without padding, and where each token stands among texts that are padded
 * to one length. Only attention sees the padded form: everything else computes on tokens that are
 * there.
 *
 * @param lengths number of tokens of each text
 * @param longest the largest of them
 * @param ids token ids of all texts, {@code [total]}
 * @param positions rows of the position table, {@code [total]}
 */
record TokenLayout(int[] lengths, int longest, long[] ids, long[] positions) {
  /** What is added to the attention score of padding: its share becomes 0, whatever the others. */
  private static final float NEVER = -Float.MAX_VALUE;

  /**
   * @throws IllegalArgumentException if a token id or a length is out of range
   */
  static TokenLayout of(int[][] texts, EncoderSpecification specification) {
    EncoderShape shape = specification.shape();
    int[] lengths = Arrays.stream(texts).mapToInt(text -> text.length).toArray();
    int total = Arrays.stream(lengths).sum();
    long[] ids = new long[total];
    long[] positions = new long[total];
    int at = 0;
    for (int[] text : texts) {
      requireLength(text.length, shape.maxTokens());
      int position = shape.firstPosition();
      int skipped = specification.skipsPadding() ? specification.paddingToken() : -1;
      for (int id : text) {
        requireId(id, shape.vocabulary());
        ids[at] = id;
        positions[at++] = id == skipped ? skipped : position++;
      }
    }
    return new TokenLayout(lengths, Arrays.stream(lengths).max().orElse(0), ids, positions);
  }

  private static void requireLength(int found, int most) {
    if (found < 1 || found > most) {
      throw new IllegalArgumentException(
          "Cannot encode a text: it must have from 1 to %d tokens, found %d"
              .formatted(most, found));
    }
  }

  private static void requireId(int found, int vocabulary) {
    if (found < 0 || found >= vocabulary) {
      throw new IllegalArgumentException(
          "Cannot encode a text: its token ids must be from 0 to %d, found %d"
              .formatted(vocabulary - 1, found));
    }
  }

  int texts() {
    return lengths.length;
  }

  int total() {
    return ids.length;
  }

  boolean isPadded() {
    return texts() * longest != total();
  }

  /**
   * For each slot of the padded form, {@code [texts, longest]}, the token there; any for padding.
   */
  long[] tokenOfSlot() {
    long[] tokens = new long[texts() * longest];
    int at = 0;
    for (int text = 0; text < texts(); text++) {
      for (int i = 0; i < lengths[text]; i++) {
        tokens[text * longest + i] = at++;
      }
    }
    return tokens;
  }

  /** For each token, {@code [total]}, its slot in the padded form. */
  long[] slotOfToken() {
    long[] slots = new long[total()];
    int at = 0;
    for (int text = 0; text < texts(); text++) {
      for (int i = 0; i < lengths[text]; i++) {
        slots[at++] = (long) text * longest + i;
      }
    }
    return slots;
  }

  /** What is added to attention scores, {@code [texts, 1, 1, longest]}. */
  float[] mask() {
    float[] mask = new float[texts() * longest];
    for (int text = 0; text < texts(); text++) {
      Arrays.fill(mask, text * longest + lengths[text], (text + 1) * longest, NEVER);
    }
    return mask;
  }

  /** Each slot's share in its text's mean, {@code [texts, 1, longest]}; 0 for padding. */
  float[] shares() {
    float[] shares = new float[texts() * longest];
    for (int text = 0; text < texts(); text++) {
      int start = text * longest;
      Arrays.fill(shares, start, start + lengths[text], 1f / lengths[text]);
    }
    return shares;
  }

  /** Each text's first token, {@code [texts]}. */
  long[] firstTokens() {
    long[] first = new long[texts()];
    for (int text = 1; text < texts(); text++) {
      first[text] = first[text - 1] + lengths[text - 1];
    }
    return first;
  }

  /** The shape as it is padded, for messages. */
  @Override
  public String toString() {
    return "%d texts of up to %d tokens".formatted(texts(), longest);
  }
}
