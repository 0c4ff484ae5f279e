package org.sparkgbert.tokenize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Small charsmaps. */
final class CharsMaps {
  private static final int UNITS = 512;
  private static final int ROOT = 256;
  private static final int LEAF = 1 << 8;
  private static final int LEAF_VALUE = 1 << 31;

  private CharsMaps() {}

  /** A charsmap by which an "a" becomes what stands at a place of a text. */
  static byte[] ofA(int place, String text) {
    int[] units = new int[UNITS];
    units[0] = ROOT << 10;
    int at = ROOT ^ 'a';
    int value = 1;
    units[at] = 'a' | LEAF | (at ^ value) << 10;
    units[value] = LEAF_VALUE | place;
    return of(units, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A charsmap of these units and this text. */
  static byte[] of(int[] units, byte[] text) {
    ByteBuffer map =
        ByteBuffer.allocate(Integer.BYTES * (1 + units.length) + text.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(Integer.BYTES * units.length);
    for (int unit : units) {
      map.putInt(unit);
    }
    return map.put(text).array();
  }
}
