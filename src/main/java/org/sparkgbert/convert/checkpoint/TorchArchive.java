package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A zip file as {@code torch.save} writes it: {@code data.pkl}, {@code byteorder}, {@code version}
 * and {@code data/KEY} for each storage, all in one folder.
 */
final class TorchArchive {
  private static final String PICKLE = "data.pkl";
  private static final int MAX_PICKLE_BYTES = 16 << 20;
  private static final int MAX_NOTE_BYTES = 32;
  private static final int NEWEST_VERSION = 10;

  /**
   * Before 1.6, PyTorch wrote a pickle that begins with its magic number, 0x1950a86a20f9469cfc6c,
   * or a tar.
   */
  private static final byte[] OLD_PICKLE = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa85019");

  private static final int TAR_MAGIC_POSITION = 257;
  private static final byte[] TAR_MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);

  private final MappedFile file;
  private final Map<String, StoredZip.Entry> entries;
  private final String folder;

  private TorchArchive(MappedFile file, Map<String, StoredZip.Entry> entries, String folder) {
    this.file = file;
    this.entries = entries;
    this.folder = folder;
  }

  /**
   * @throws IllegalArgumentException if the file is not such an archive, with the reason
   */
  static TorchArchive open(MappedFile file) throws IOException {
    refuseOldFormats(file);
    Map<String, StoredZip.Entry> entries = StoredZip.read(file.path());
    TorchArchive archive = new TorchArchive(file, entries, folder(entries));
    archive.requireLittleEndian();
    archive.requireKnownVersion();
    return archive;
  }

  private static void refuseOldFormats(MappedFile file) throws IOException {
    if (has(file, 0, OLD_PICKLE) || has(file, TAR_MAGIC_POSITION, TAR_MAGIC)) {
      throw new IllegalArgumentException(
          "it must be a zip file, found a format of PyTorch before 1.6; convert it to safetensors");
    }
  }

  private static boolean has(MappedFile file, int position, byte[] magic) throws IOException {
    return file.size() >= position + magic.length
        && Arrays.equals(file.array(position, magic.length), magic);
  }

  private static String folder(Map<String, StoredZip.Entry> entries) {
    List<String> pickles =
        entries.keySet().stream().filter(name -> name.matches("[^/]+/data[.]pkl")).toList();
    if (pickles.size() != 1) {
      throw new IllegalArgumentException(
          "it must have one FOLDER/%s, found %d among %d entries"
              .formatted(PICKLE, pickles.size(), entries.size()));
    }
    return pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
  }

  private void requireLittleEndian() throws IOException {
    String order = note("byteorder", "little");
    if (!order.equals("little")) {
      throw new IllegalArgumentException("its byteorder must be little, found " + Quoted.of(order));
    }
  }

  private void requireKnownVersion() throws IOException {
    String version = note("version", "3");
    if (!version.matches("[0-9]{1,4}") || Integer.parseInt(version) > NEWEST_VERSION) {
      throw new IllegalArgumentException(
          "its version must be at most %d, found %s".formatted(NEWEST_VERSION, Quoted.of(version)));
    }
  }

  /** The text of a short entry. */
  private String note(String name, String absent) throws IOException {
    StoredZip.Entry entry = entries.get(folder + name);
    if (entry == null) {
      return absent;
    }
    return file.text(entry.position(), (int) Math.min(entry.size(), MAX_NOTE_BYTES)).strip();
  }

  /** The pickle's bytes. */
  byte[] pickle() throws IOException {
    StoredZip.Entry entry = entries.get(folder + PICKLE);
    if (entry.size() > MAX_PICKLE_BYTES) {
      throw new IllegalArgumentException(
          "its pickle must have at most %d bytes, found %d"
              .formatted(MAX_PICKLE_BYTES, entry.size()));
    }
    return file.array(entry.position(), (int) entry.size());
  }

  /**
   * Position in the file at which a storage begins, in bytes.
   *
   * @param tensor the tensor that needs it, for messages
   * @throws IllegalArgumentException if the archive lacks it or it has another length
   */
  long storage(PickleValue.Storage storage, TensorInfo tensor) {
    StoredZip.Entry entry = entries.get(folder + "data/" + storage.key());
    if (entry == null) {
      throw new IllegalArgumentException(
          "tensor %s must have its storage in the file, found no entry %s"
              .formatted(tensor, Quoted.of("data/" + storage.key())));
    }
    int bytes = storage.type().bytes();
    if (entry.size() % bytes != 0 || entry.size() / bytes != storage.elements()) {
      throw new IllegalArgumentException(
          "storage %s of tensor %s must have %d elements, found %d bytes"
              .formatted(Quoted.of(storage.key()), tensor, storage.elements(), entry.size()));
    }
    return entry.position();
  }
}
