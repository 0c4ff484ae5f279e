package org.sparkgbert.plan;

import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;

/**
 * Puts two rows of Spark's binary format behind each other by copying bytes; no column is decoded.
 *
 * <p>A row is a bit for each null, in words of 8 bytes, then a word for each column, then what does
 * not fit into a word. Words of such columns hold their offset from the row's start in the upper
 * half, so that moving them adds to it. A word of 0 is a null without a place.
 */
final class RowJoiner {
  private final int left;
  private final int right;
  private final int[] movingLeft;
  private final int[] movingRight;
  private final UnsafeRow joined;
  private byte[] bytes = new byte[0];

  /**
   * @param left types of the first row
   * @param right types of the second row
   */
  RowJoiner(DataType[] left, DataType[] right) {
    this.left = left.length;
    this.right = right.length;
    movingLeft = moving(left);
    movingRight = moving(right);
    joined = new UnsafeRow(left.length + right.length);
  }

  private static int[] moving(DataType[] types) {
    return IntStream.range(0, types.length)
        .filter(i -> !UnsafeRow.isFixedLength(types[i]))
        .toArray();
  }

  /** Both rows as one, valid until the next call. */
  UnsafeRow join(UnsafeRow first, UnsafeRow second) {
    int nulls = words(left + right) * 8;
    int start = nulls + (left + right) * 8;
    int firstFixed = words(left) * 8 + left * 8;
    int secondFixed = words(right) * 8 + right * 8;
    int firstRest = first.getSizeInBytes() - firstFixed;
    int secondRest = second.getSizeInBytes() - secondFixed;
    int size = Math.addExact(Math.addExact(start, firstRest), secondRest);
    if (bytes.length < size) {
      bytes = new byte[Math.max(size, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 15))];
    }
    copyNulls(first, second);
    copy(first, words(left) * 8, nulls, left * 8);
    copy(second, words(right) * 8, nulls + left * 8, right * 8);
    copy(first, firstFixed, start, firstRest);
    copy(second, secondFixed, start + firstRest, secondRest);
    move(movingLeft, nulls, start - firstFixed);
    move(movingRight, nulls + left * 8, start + firstRest - secondFixed);
    joined.pointTo(bytes, size);
    return joined;
  }

  private static int words(int columns) {
    return UnsafeRow.calculateBitSetWidthInBytes(columns) / 8;
  }

  /** The second row's bits follow those of the first without a gap. */
  private void copyNulls(UnsafeRow first, UnsafeRow second) {
    for (int i = 0; i < words(left + right); i++) {
      put(i, i < words(left) ? word(first, i) : 0);
    }
    int word = left / 64;
    int shift = left % 64;
    for (int i = 0; i < words(right); i++) {
      long bits = word(second, i);
      put(word + i, get(word + i) | bits << shift);
      if (shift > 0 && word + i + 1 < words(left + right)) {
        put(word + i + 1, bits >>> (64 - shift));
      }
    }
  }

  private static long word(UnsafeRow row, int index) {
    return Platform.getLong(row.getBaseObject(), row.getBaseOffset() + index * 8L);
  }

  private long get(int index) {
    return Platform.getLong(bytes, Platform.BYTE_ARRAY_OFFSET + index * 8L);
  }

  private void put(int index, long word) {
    Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + index * 8L, word);
  }

  private void copy(UnsafeRow row, int from, int to, int length) {
    Platform.copyMemory(
        row.getBaseObject(),
        row.getBaseOffset() + from,
        bytes,
        Platform.BYTE_ARRAY_OFFSET + to,
        length);
  }

  private void move(int[] columns, int start, int bytesFurther) {
    long distance = (long) bytesFurther << 32;
    for (int column : columns) {
      int index = start / 8 + column;
      long word = get(index);
      if (word != 0) {
        put(index, word + distance);
      }
    }
  }
}
