package org.sparkgbert.convert;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.lake.BundlePublication;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.tokenize.TokenizerTrial;

/**
 * Writes a bundle as tables are written: in a hidden directory next to its own, which gets the
 * bundle's name in one step when it is complete.
 */
final class BundleWriter implements AutoCloseable {
  /** Makes a manifest once the files and their checksums are known. */
  @FunctionalInterface
  interface ManifestMaker {
    BundleManifest make(List<BundleFile> files);
  }

  /** Writes the content of one file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private final BundlePublication publication;

  /**
   * @param directory the bundle's final name
   * @param mode what happens if it exists
   * @throws IllegalArgumentException if it exists and must not be overwritten, or another process
   *     is writing it
   */
  BundleWriter(Path directory, WriteMode mode) throws IOException {
    this.publication = BundlePublication.begin(directory, mode);
  }

  /** Where to write a file of the bundle. */
  Path file(String name) {
    return staged().resolve(name);
  }

  /** Writes one file of the bundle. */
  void add(String name, Content content) throws IOException {
    try (OutputStream out = Files.newOutputStream(file(name))) {
      content.writeTo(out);
    }
  }

  /**
   * Writes the tokenizer and tries it in another process before anything opens it in this one.
   *
   * @param model the model's name
   * @throws IllegalArgumentException if it does not stand that
   */
  void addTokenizer(byte[] tokenizer, String model) throws IOException {
    add(BundleManifest.TOKENIZER_FILE, out -> out.write(tokenizer));
    TokenizerTrial.DEFAULT.require(
        file(BundleManifest.TOKENIZER_FILE),
        "Cannot import %s: its tokenizer.json is refused, ".formatted(model));
  }

  /** Writes the manifest and gives the bundle its final name. */
  void publish(ManifestMaker maker) throws IOException {
    stage(maker);
    commit();
  }

  /** The bundle before it has its final name. */
  Path staged() {
    return publication.staging();
  }

  /** Writes the manifest; the bundle can be opened where it was {@link #staged}. */
  void stage(ManifestMaker maker) throws IOException {
    List<BundleFile> files = new ArrayList<>();
    for (Path path : publication.files()) {
      files.add(
          new BundleFile(path.getFileName().toString(), Files.size(path), Checksums.sha256(path)));
    }
    Files.write(
        file(BundleManifest.FILE), maker.make(files).toJson().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Gives the bundle its final name.
   *
   * @throws IOException if that cannot be; what had the name has it still
   */
  void commit() throws IOException {
    publication.commit();
  }

  /** Removes what was not published. */
  @Override
  public void close() throws IOException {
    publication.close();
  }
}
