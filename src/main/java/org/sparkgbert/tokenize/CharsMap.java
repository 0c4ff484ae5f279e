package org.sparkgbert.tokenize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;

/**
 * A SentencePiece charsmap: what characters become before they are tokenized. The native tokenizer
 * believes every index in it, and ends the JVM at one that leads outside.
 *
 * <p><b>Source:</b> SentencePiece, {@code src/normalizer.cc}: the size of a double array in bytes,
 * four of them, little-endian; the double array of darts-clone, which takes UTF-8 to places in the
 * text that follows; that text, its parts ended by a zero byte.
 */
final class CharsMap {
  /** Bytes of the longest replacement; Unicode's longest, of U+FDFA, has 33. */
  private static final int LONGEST = 64;

  private static final int LEAF = 1 << 8;
  private static final int WIDE_OFFSET = 1 << 9;
  private static final int OFFSET_SHIFT = 10;
  private static final int LABEL_OR_LEAF_VALUE = 0x8000_00FF;

  private final int[] units;
  private final byte[] text;

  private CharsMap(int[] units, byte[] text) {
    this.units = units;
    this.text = text;
  }

  /** What is wrong with a charsmap; empty if nothing is. */
  static Optional<String> fault(byte[] charsmap) {
    ByteBuffer in = ByteBuffer.wrap(charsmap).order(ByteOrder.LITTLE_ENDIAN);
    if (charsmap.length < Integer.BYTES) {
      return Optional.of("it has " + charsmap.length + " bytes");
    }
    int size = in.getInt();
    if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > in.remaining()) {
      return Optional.of("its double array has " + size + " bytes of " + charsmap.length);
    }
    int[] units = new int[size / Integer.BYTES];
    in.asIntBuffer().get(units);
    in.position(in.position() + size);
    byte[] text = new byte[in.remaining()];
    in.get(text);
    return new CharsMap(units, text).fault();
  }

  private Optional<String> fault() {
    if (!isUtf8()) {
      return Optional.of("its replacements are not UTF-8");
    }
    BitSet found = new BitSet(units.length);
    Deque<Integer> open = new ArrayDeque<>();
    Optional<String> fault = find(offset(units[0]), found, open);
    while (fault.isEmpty() && !open.isEmpty()) {
      fault = follow(open.remove(), found, open);
    }
    return fault;
  }

  /** Follows every byte that may come next after a node. */
  private Optional<String> follow(int node, BitSet found, Deque<Integer> open) {
    for (int label = 1; label <= 0xFF; label++) {
      int at = node ^ label;
      if (at >= units.length) {
        return outside(at);
      }
      if ((units[at] & LABEL_OR_LEAF_VALUE) == label) {
        int next = at ^ offset(units[at]);
        Optional<String> fault = find(next, found, open);
        if (fault.isPresent()) {
          return fault;
        }
        if ((units[at] & LEAF) != 0 && !isReplacement(units[next] & Integer.MAX_VALUE)) {
          return Optional.of("it has no replacement at " + (units[next] & Integer.MAX_VALUE));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> find(int node, BitSet found, Deque<Integer> open) {
    if (node >= units.length) {
      return outside(node);
    }
    if (!found.get(node)) {
      found.set(node);
      open.add(node);
    }
    return Optional.empty();
  }

  private Optional<String> outside(int index) {
    return Optional.of(
        "its double array of %d units leads outside, to %d".formatted(units.length, index));
  }

  private static int offset(int unit) {
    return (unit >>> OFFSET_SHIFT) << ((unit & WIDE_OFFSET) >>> 6);
  }

  private boolean isUtf8() {
    try {
      CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return decoded != null;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Whether a replacement begins there, between two characters, and is short. */
  private boolean isReplacement(int from) {
    if (from > text.length || (from < text.length && (text[from] & 0xC0) == 0x80)) {
      return false;
    }
    int to = from;
    while (to < text.length && text[to] != 0) {
      to++;
    }
    return to - from <= LONGEST;
  }
}
