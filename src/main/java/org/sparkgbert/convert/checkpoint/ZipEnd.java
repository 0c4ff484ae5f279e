package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the end of a zip file says of its directory.
 *
 * @param entries count of entries
 * @param directory byte at which the directory begins
 * @param directoryBytes its length
 */
record ZipEnd(long entries, long directory, long directoryBytes) {
  private static final int SIGNATURE = 0x06054b50;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int SIGNATURE_64 = 0x06064b50;
  private static final int BYTES = 22;
  private static final int LOCATOR_BYTES = 20;
  private static final int BYTES_64 = 56;
  private static final int MAX_COMMENT = 0xffff;
  private static final int MAX_DIRECTORY_BYTES = 64 << 20;

  /**
   * @throws IllegalArgumentException if the directory is too large
   */
  ZipEnd {
    if (directoryBytes < 0 || directoryBytes > MAX_DIRECTORY_BYTES) {
      throw new IllegalArgumentException(
          "its zip directory must have at most %d bytes, found %s"
              .formatted(MAX_DIRECTORY_BYTES, Long.toUnsignedString(directoryBytes)));
    }
  }

  /**
   * @throws IllegalArgumentException if there is no such end
   */
  static ZipEnd find(MappedFile file) throws IOException {
    long start = Math.max(0, file.size() - BYTES - MAX_COMMENT);
    ByteBuffer tail = file.bytes(start, file.size() - start);
    for (int i = tail.limit() - BYTES; i >= 0; i--) {
      int comment = Short.toUnsignedInt(tail.getShort(i + BYTES - 2));
      if (tail.getInt(i) == SIGNATURE && i + BYTES + comment == tail.limit()) {
        return read(file, tail, i);
      }
    }
    throw new IllegalArgumentException("it must be a zip file, found no zip directory at its end");
  }

  private static ZipEnd read(MappedFile file, ByteBuffer tail, int end) throws IOException {
    int locator = end - LOCATOR_BYTES;
    if (locator >= 0 && tail.getInt(locator) == LOCATOR_SIGNATURE) {
      return read64(file.bytes(tail.getLong(locator + 8), BYTES_64));
    }
    return new ZipEnd(
        Short.toUnsignedLong(tail.getShort(end + 10)),
        Integer.toUnsignedLong(tail.getInt(end + 16)),
        Integer.toUnsignedLong(tail.getInt(end + 12)));
  }

  private static ZipEnd read64(ByteBuffer end) {
    if (end.getInt(0) != SIGNATURE_64) {
      throw new IllegalArgumentException(
          "it must be a zip file, found a damaged zip64 directory at its end");
    }
    return new ZipEnd(end.getLong(32), end.getLong(48), end.getLong(40));
  }
}
