package org.sparkgbert.convert.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file of numbers, of any length, mapped piece by piece.
 *
 * <p><b>Ownership:</b> owns its channel.
 *
 * <p><b>Threads:</b> safe.
 */
final class MappedFile implements AutoCloseable {
  private static final int COPY_BYTES = 1 << 16;
  private static final String LFS_POINTER = "version https://git-lfs";

  /** Reads from an open file. */
  @FunctionalInterface
  interface Reader<T> {
    T read(MappedFile file) throws IOException;
  }

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private MappedFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
  }

  /**
   * Opens a file and reads from it.
   *
   * @param reader its result owns the file, unless the reader closed it; its error messages are
   *     prefixed with the file's name; if it fails, the file is closed
   * @throws IllegalArgumentException if the reader rejects the file, or it is a Git LFS pointer
   * @throws UncheckedIOException if it cannot be read
   */
  static <T> T read(Path path, Reader<T> reader) {
    try {
      return open(path, reader);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Cannot read %s: %s".formatted(path, e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(path, e), e);
    }
  }

  private static <T> T open(Path path, Reader<T> reader) throws IOException {
    MappedFile file = new MappedFile(path, FileChannel.open(path));
    try {
      file.refusePointer();
      return reader.read(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void refusePointer() throws IOException {
    int length = LFS_POINTER.length();
    if (size >= length && text(0, length).equals(LFS_POINTER)) {
      throw new IllegalArgumentException(
          "it must be the file itself, found a Git LFS pointer to it; run 'git lfs pull'");
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /**
   * A part of the file, little-endian, positioned at its first byte; small parts are copied, since
   * a mapping lives until it is garbage-collected.
   *
   * @throws IllegalArgumentException if the part is not inside the file
   * @throws IllegalStateException after {@link #close}
   */
  ByteBuffer bytes(long position, long length) throws IOException {
    requireOpen();
    if (position < 0 || length < 0 || length > size - position) {
      throw new IllegalArgumentException(
          "it must have %d bytes from byte %d on, found a file of %d bytes"
              .formatted(length, position, size));
    }
    ByteBuffer bytes =
        length <= COPY_BYTES
            ? copy(position, Math.toIntExact(length))
            : channel.map(MapMode.READ_ONLY, position, length);
    return bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  private void requireOpen() {
    if (!channel.isOpen()) {
      throw new IllegalStateException("Cannot read " + path + ": it is closed");
    }
  }

  private ByteBuffer copy(long position, int length) throws IOException {
    ByteBuffer copy = ByteBuffer.allocate(length);
    while (copy.hasRemaining()) {
      if (channel.read(copy, position + copy.position()) < 0) {
        throw new EOFException("it was truncated while it was read");
      }
    }
    return copy.flip();
  }

  /** A part of the file as an array on the heap. */
  byte[] array(long position, int length) throws IOException {
    byte[] array = new byte[length];
    bytes(position, length).get(array);
    return array;
  }

  /** A part of the file as UTF-8, malformed bytes replaced. */
  String text(long position, int length) throws IOException {
    return new String(array(position, length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close " + path + ": " + e, e);
    }
  }
}
