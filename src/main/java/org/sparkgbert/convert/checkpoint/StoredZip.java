package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The directory of a zip file whose entries lie in it as they are, so that they can be mapped.
 *
 * <p><b>Source:</b> PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.3.
 */
final class StoredZip {
  private static final int MAX_ENTRIES = 100_000;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int ENCRYPTED = 1;
  private static final Pattern STRANGE = Pattern.compile("[\\\\:\\p{Cntrl}]");

  /**
   * Where an entry's content lies.
   *
   * @param position its first byte in the file
   * @param size its length
   */
  record Entry(long position, long size) {}

  private final MappedFile file;
  private final ZipEnd end;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private StoredZip(MappedFile file, ZipEnd end) {
    this.file = file;
    this.end = end;
  }

  /**
   * The entries by name.
   *
   * @throws IllegalArgumentException if the file is no zip file, is damaged, or has an entry that
   *     is compressed, encrypted, there twice, or named to leave its folder
   */
  static Map<String, Entry> read(MappedFile file) throws IOException {
    StoredZip zip = new StoredZip(file, ZipEnd.find(file));
    zip.readDirectory();
    return zip.entries;
  }

  private void readDirectory() throws IOException {
    if (end.entries() < 0 || end.entries() > MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "it must have at most %d entries, found %s"
              .formatted(MAX_ENTRIES, Long.toUnsignedString(end.entries())));
    }
    ByteBuffer directory = file.bytes(end.directory(), end.directoryBytes());
    for (long i = 0; i < end.entries(); i++) {
      requireSignature(directory, ENTRY_BYTES, ENTRY_SIGNATURE, "entry " + i);
      readEntry(directory);
    }
  }

  private static void requireSignature(ByteBuffer record, int length, int signature, String what) {
    if (record.remaining() < length || record.getInt(record.position()) != signature) {
      throw new IllegalArgumentException(
          "its zip directory must describe %s, found something else".formatted(what));
    }
  }

  private void readEntry(ByteBuffer directory) throws IOException {
    int start = directory.position();
    int flags = directory.getShort(start + 8);
    int method = Short.toUnsignedInt(directory.getShort(start + 10));
    Zip64Sizes sizes = new Zip64Sizes(directory, start + 24, start + 20, start + 42);
    int extraLength = Short.toUnsignedInt(directory.getShort(start + 30));
    int commentLength = Short.toUnsignedInt(directory.getShort(start + 32));
    String name = name(directory, start + ENTRY_BYTES, directory.getShort(start + 28));
    sizes.readExtra(take(directory, extraLength));
    take(directory, commentLength);
    requirePlain(name);
    requireStored(name, flags, method, sizes);
    Entry entry = new Entry(content(name, sizes.offset()), sizes.size());
    requireInside(name, entry);
    if (entries.put(name, entry) != null) {
      throw new IllegalArgumentException(
          "it must have each entry once, found %s twice".formatted(Quoted.of(name)));
    }
  }

  /** The name at a position, after which the record goes on. */
  private static String name(ByteBuffer record, int position, short length) {
    record.position(position);
    return StandardCharsets.UTF_8.decode(take(record, Short.toUnsignedInt(length))).toString();
  }

  private static ByteBuffer take(ByteBuffer record, int length) {
    if (length > record.remaining()) {
      throw new IllegalArgumentException(
          "its zip directory must hold %d more bytes, found %d"
              .formatted(length, record.remaining()));
    }
    ByteBuffer part = record.slice(record.position(), length).order(record.order());
    record.position(record.position() + length);
    return part;
  }

  private static void requirePlain(String name) {
    boolean leaves = Set.of(name.split("/", -1)).contains("..");
    if (name.isEmpty() || name.startsWith("/") || leaves || STRANGE.matcher(name).find()) {
      throw new IllegalArgumentException(
          "its entries must have names inside its folder, found " + Quoted.of(name));
    }
  }

  private static void requireStored(String name, int flags, int method, Zip64Sizes sizes) {
    if ((flags & ENCRYPTED) != 0) {
      throw new IllegalArgumentException(
          "entry %s must be plain, found it encrypted".formatted(Quoted.of(name)));
    }
    if (method != 0 || sizes.size() != sizes.compressedSize()) {
      throw new IllegalArgumentException(
          "entry %s must be stored uncompressed, as torch.save does, found compression method %d"
              .formatted(Quoted.of(name), method));
    }
  }

  /** Where the content begins: behind the local header, whose length only it knows. */
  private long content(String name, long offset) throws IOException {
    ByteBuffer local = file.bytes(offset, LOCAL_BYTES);
    requireSignature(local, LOCAL_BYTES, LOCAL_SIGNATURE, "where " + Quoted.of(name) + " begins");
    int nameLength = Short.toUnsignedInt(local.getShort(26));
    int extraLength = Short.toUnsignedInt(local.getShort(28));
    String localName =
        StandardCharsets.UTF_8.decode(file.bytes(offset + LOCAL_BYTES, nameLength)).toString();
    if (!localName.equals(name)) {
      throw new IllegalArgumentException(
          "entry %s must have one name, found %s too"
              .formatted(Quoted.of(name), Quoted.of(localName)));
    }
    return offset + LOCAL_BYTES + nameLength + extraLength;
  }

  private void requireInside(String name, Entry entry) {
    if (entry.size() < 0 || entry.size() > end.directory() - entry.position()) {
      throw new IllegalArgumentException(
          "entry %s must end before the zip directory at byte %d, found %s bytes from byte %d on"
              .formatted(
                  Quoted.of(name),
                  end.directory(),
                  Long.toUnsignedString(entry.size()),
                  entry.position()));
    }
  }
}
