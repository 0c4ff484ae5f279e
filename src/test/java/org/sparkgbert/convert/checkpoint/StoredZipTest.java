package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredZipTest {
  private static final byte[] CONTENT = {1, 2, 3, 4};
  private static final int DIRECTORY_ENTRY = 0x02014b50;
  private static final int FLAGS = 8;
  private static final int SIZE = 24;
  private static final int EXTRA_LENGTH = 30;
  private static final int LOCAL_HEADER = 42;

  @TempDir private Path directory;

  /** A zip file of stored entries, each with four bytes. */
  private static byte[] zip(String... names) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(CONTENT);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(CONTENT.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(CONTENT);
      }
    }
    return bytes.toByteArray();
  }

  /** Changes four bytes of the last entry of a zip file's directory. */
  private static byte[] changed(byte[] zip, int field, int value) {
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int entry = zip.length - Integer.BYTES;
    while (bytes.getInt(entry) != DIRECTORY_ENTRY) {
      entry--;
    }
    bytes.putInt(entry + field, value);
    return zip;
  }

  private Path write(byte[] zip) throws IOException {
    return Files.write(directory.resolve("z"), zip);
  }

  private void assertRefused(byte[] zip, String reason) {
    assertThatThrownBy(() -> StoredZip.read(write(zip)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
  }

  @Test
  void entriesLieWhereTheDirectorySays() throws IOException {
    byte[] zip = zip("f/a", "f/b");
    assertThat(StoredZip.read(write(zip)))
        .containsOnlyKeys("f/a", "f/b")
        .allSatisfy(
            (name, entry) -> {
              assertThat(entry.size()).isEqualTo(CONTENT.length);
              assertThat(ByteBuffer.wrap(zip, (int) entry.position(), CONTENT.length))
                  .isEqualTo(ByteBuffer.wrap(CONTENT));
            });
  }

  @Test
  void encryptedEntriesAreRefused() throws IOException {
    assertRefused(changed(zip("f/a", "f/b"), FLAGS, 1), "entry 'f/b' must not be encrypted");
  }

  @Test
  void entriesThatShareTheirContentAreRefused() throws IOException {
    assertRefused(
        changed(zip("f/a", "f/b"), LOCAL_HEADER, 0),
        "entry 'f/b' must begin after the previous one, at byte 37 or later, found byte 33");
  }

  @Test
  void entriesThatReachIntoTheDirectoryAreRefused() throws IOException {
    byte[] zip = changed(zip("f/a"), SIZE - Integer.BYTES, 5);
    assertRefused(
        changed(zip, SIZE, 5),
        "it must be a zip file, found a damaged one: "
            + "data for f/a overlaps with central directory.");
  }

  @Test
  void headersBeyondTheFileAreRefused() throws IOException {
    assertRefused(
        changed(zip("f/a"), LOCAL_HEADER, 1 << 20),
        "it must be a zip file, found a damaged one: "
            + "local file header for f/a starts after central directory");
  }

  @Test
  void aDirectoryThatEndsTooEarlyIsRefused() throws IOException {
    assertRefused(
        changed(zip("f/a"), EXTRA_LENGTH, 0xffff),
        "it must be a zip file, found a damaged one: EOFException");
  }

  @Test
  void bytesBeforeTheFirstEntryAreRefused() throws IOException {
    byte[] zip = zip("f/a");
    byte[] shifted = new byte[zip.length + 7];
    System.arraycopy(zip, 0, shifted, 7, zip.length);
    assertRefused(
        shifted, "it must be a zip file, found a damaged one: 7 bytes before the first entry");
  }

  @Test
  void emptyArchivesAreRead() throws IOException {
    assertThat(StoredZip.read(write(zip()))).isEmpty();
  }
}
