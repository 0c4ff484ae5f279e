package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.MultiReadOnlySeekableByteChannel;

/** The entries of a zip file, which are stored uncompressed, so that they can be mapped. */
final class StoredZip {
  private static final int MAX_ENTRIES = 100_000;
  private static final long MAX_HEADER_BYTES = 32 << 20;

  /** The library's message for a file without a zip directory. */
  private static final String NO_ZIP = "Archive is not a ZIP archive";

  private static final Pattern STRANGE = Pattern.compile("[\\\\:\\p{Cntrl}]");

  /**
   * Where an entry's content is.
   *
   * @param position its first byte in the file
   * @param size its length
   */
  record Entry(long position, long size) {}

  /**
   * The file for a reader of headers, limited since a file of nothing but headers would fill the
   * heap.
   */
  private static final class HeaderChannel extends MultiReadOnlySeekableByteChannel {
    private long left = MAX_HEADER_BYTES;

    HeaderChannel(Path file) throws IOException {
      super(List.of(Files.newByteChannel(file)));
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
      left -= target.remaining();
      if (left < 0) {
        throw new IOException("more than %d bytes of headers".formatted(MAX_HEADER_BYTES));
      }
      return super.read(target);
    }
  }

  private StoredZip() {}

  /**
   * The entries by name.
   *
   * @throws IllegalArgumentException if the file is not a zip file, is damaged, or has an entry
   *     that is compressed, encrypted, duplicated, overlapped by another, or named to lead out of
   *     its folder
   */
  static Map<String, Entry> read(Path file) {
    List<ZipArchiveEntry> listed = list(file);
    if (listed.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "it must have at most %d entries, found %d".formatted(MAX_ENTRIES, listed.size()));
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (ZipArchiveEntry entry : listed) {
      String name = new String(entry.getRawName(), StandardCharsets.UTF_8);
      requirePlain(name);
      requireStored(name, entry);
      if (entries.put(name, new Entry(entry.getDataOffset(), entry.getSize())) != null) {
        throw new IllegalArgumentException(
            "it must have each entry only once, found %s twice".formatted(Quoted.of(name)));
      }
    }
    requireApart(entries);
    return entries;
  }

  /** The entries as the library reads them; they end before the zip directory. */
  private static List<ZipArchiveEntry> list(Path file) {
    try (ZipFile zip =
        ZipFile.builder()
            .setSeekableByteChannel(new HeaderChannel(file))
            .setUseUnicodeExtraFields(false)
            .get()) {
      if (zip.getFirstLocalFileHeaderOffset() != 0) {
        throw new IOException(
            zip.getFirstLocalFileHeaderOffset() + " bytes before the first entry");
      }
      return Collections.list(zip.getEntries());
    } catch (IOException | RuntimeException e) {
      // For damaged files the library throws either kind of exception.
      throw new IllegalArgumentException("it must be a zip file, found " + reason(e), e);
    }
  }

  private static String reason(Exception failure) {
    Throwable first = failure.getCause() instanceof IOException cause ? cause : failure;
    String name = first.getClass().getSimpleName();
    String message = Objects.requireNonNullElse(first.getMessage(), name);
    return message.equals(NO_ZIP)
        ? "no zip directory at its end"
        : "a damaged one: " + Quoted.line(message);
  }

  private static void requirePlain(String name) {
    boolean leaves = Set.of(name.split("/", -1)).contains("..");
    if (name.isEmpty() || name.startsWith("/") || leaves || STRANGE.matcher(name).find()) {
      throw new IllegalArgumentException(
          "names of its entries must not lead out of its folder, found " + Quoted.of(name));
    }
  }

  private static void requireStored(String name, ZipArchiveEntry entry) {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw new IllegalArgumentException(
          "entry %s must not be encrypted".formatted(Quoted.of(name)));
    }
    if (entry.getMethod() != ZipArchiveEntry.STORED
        || entry.getSize() != entry.getCompressedSize()) {
      throw new IllegalArgumentException(
          "entry %s must be stored uncompressed, as torch.save does, found compression method %d"
              .formatted(Quoted.of(name), entry.getMethod()));
    }
  }

  private static void requireApart(Map<String, Entry> entries) {
    List<Map.Entry<String, Entry>> sorted =
        entries.entrySet().stream()
            .filter(entry -> entry.getValue().size() > 0)
            .sorted(Comparator.comparingLong(entry -> entry.getValue().position()))
            .toList();
    long end = 0;
    for (Map.Entry<String, Entry> entry : sorted) {
      if (entry.getValue().position() < end) {
        throw new IllegalArgumentException(
            "entry %s must begin after the previous one, at byte %d or later, found byte %d"
                .formatted(Quoted.of(entry.getKey()), end, entry.getValue().position()));
      }
      end = entry.getValue().position() + entry.getValue().size();
    }
  }
}
