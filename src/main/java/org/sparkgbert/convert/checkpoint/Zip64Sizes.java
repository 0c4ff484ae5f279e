package org.sparkgbert.convert.checkpoint;

import java.nio.ByteBuffer;

/** An entry's sizes and place, in 32 bits or, where those say so, in its zip64 extra field. */
final class Zip64Sizes {
  private static final long IN_EXTRA = 0xffffffffL;
  private static final int ZIP64 = 1;

  private long size;
  private long compressedSize;
  private long offset;

  /**
   * @param record the entry in the directory
   * @param size position of the size
   * @param compressedSize position of the compressed size
   * @param offset position of the local header's offset
   */
  Zip64Sizes(ByteBuffer record, int size, int compressedSize, int offset) {
    this.size = Integer.toUnsignedLong(record.getInt(size));
    this.compressedSize = Integer.toUnsignedLong(record.getInt(compressedSize));
    this.offset = Integer.toUnsignedLong(record.getInt(offset));
  }

  /** Takes the values that are 64 bits long out of the entry's extra fields. */
  void readExtra(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int tag = Short.toUnsignedInt(extra.getShort());
      int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      ByteBuffer field = extra.slice(extra.position(), length).order(extra.order());
      extra.position(extra.position() + length);
      if (tag == ZIP64) {
        size = orLong(size, field);
        compressedSize = orLong(compressedSize, field);
        offset = orLong(offset, field);
        return;
      }
    }
  }

  private static long orLong(long value, ByteBuffer field) {
    return value == IN_EXTRA && field.remaining() >= Long.BYTES ? field.getLong() : value;
  }

  long size() {
    return size;
  }

  long compressedSize() {
    return compressedSize;
  }

  long offset() {
    return offset;
  }
}
