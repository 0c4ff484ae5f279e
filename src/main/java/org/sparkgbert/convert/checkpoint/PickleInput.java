package org.sparkgbert.convert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read from its start to its end. */
final class PickleInput {
  private static final int MAX_TEXT = 1 << 16;
  private static final int MAX_LINE = 256;

  private final ByteBuffer bytes;

  PickleInput(byte[] pickle) {
    this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int remaining() {
    return bytes.remaining();
  }

  private ByteBuffer take(int length) {
    if (length > bytes.remaining()) {
      throw new IllegalArgumentException(
          "its pickle must have %d more bytes from byte %d on, found %d"
              .formatted(length, bytes.position(), bytes.remaining()));
    }
    ByteBuffer part = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + length);
    return part;
  }

  int unsignedByte() {
    return Byte.toUnsignedInt(take(1).get());
  }

  int unsignedShort() {
    return Short.toUnsignedInt(take(Short.BYTES).getShort());
  }

  int int32() {
    return take(Integer.BYTES).getInt();
  }

  long int64() {
    return take(Long.BYTES).getLong();
  }

  /** A little-endian number in two's complement, of as many bytes as the first byte says. */
  long shortLong() {
    int length = unsignedByte();
    if (length > Long.BYTES) {
      throw new IllegalArgumentException(
          "numbers of its pickle must have at most 8 bytes, found " + length);
    }
    ByteBuffer part = take(length);
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= Byte.toUnsignedLong(part.get(i)) << (8 * i);
    }
    int unused = Long.SIZE - 8 * length;
    return length == 0 ? 0 : value << unused >> unused;
  }

  /** UTF-8 text of that many bytes. */
  String text(long length) {
    if (length < 0 || length > MAX_TEXT) {
      throw new IllegalArgumentException(
          "strings of its pickle must have at most %d bytes, found %s"
              .formatted(MAX_TEXT, Long.toUnsignedString(length)));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(take((int) length)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "strings of its pickle must be UTF-8, found other bytes", e);
    }
  }

  /** UTF-8 text up to the next line feed, which is skipped. */
  String line() {
    int end = bytes.position();
    int limit = Math.min(bytes.limit(), end + MAX_LINE);
    while (end < limit && bytes.get(end) != '\n') {
      end++;
    }
    if (end == limit) {
      throw new IllegalArgumentException(
          "names in its pickle must end within %d bytes, found one at byte %d that does not"
              .formatted(MAX_LINE, bytes.position()));
    }
    String line = text(end - bytes.position());
    take(1);
    return line;
  }
}
