package org.sparkgbert.convert;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.files.Directories;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;

/**
 * Writes a bundle under a temporary name next to its own and renames it when it is complete: a
 * process that dies leaves nothing that looks like a model.
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

  private final Path directory;
  private final Path part;

  /**
   * @param directory the bundle's final name; {@link #publish} replaces what is there
   */
  BundleWriter(Path directory) throws IOException {
    this.directory = directory;
    this.part = directory.resolveSibling("." + directory.getFileName() + ".part");
    Directories.delete(part);
    Files.createDirectories(part);
  }

  /** Where to write a file of the bundle. */
  Path file(String name) {
    return part.resolve(name);
  }

  /** Writes one file of the bundle. */
  void add(String name, Content content) throws IOException {
    try (OutputStream out = Files.newOutputStream(part.resolve(name))) {
      content.writeTo(out);
    }
  }

  /** Writes the manifest and gives the bundle its final name. */
  void publish(ManifestMaker maker) throws IOException {
    stage(maker);
    rename();
  }

  /** The bundle before it has its final name. */
  Path staged() {
    return part;
  }

  /** Writes the manifest; the bundle can be opened where it was {@link #staged}. */
  void stage(ManifestMaker maker) throws IOException {
    List<Path> paths;
    try (Stream<Path> list = Files.list(part)) {
      paths = list.sorted().toList();
    }
    List<BundleFile> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(
          new BundleFile(path.getFileName().toString(), Files.size(path), Checksums.sha256(path)));
    }
    Files.write(
        part.resolve(BundleManifest.FILE),
        maker.make(files).toJson().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Gives the bundle its final name, replacing what has that name, which stays complete until then.
   */
  void rename() throws IOException {
    Path old = directory.resolveSibling("." + directory.getFileName() + ".old");
    Directories.delete(old);
    if (Files.exists(directory)) {
      Files.move(directory, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(part, directory, StandardCopyOption.ATOMIC_MOVE);
    Directories.delete(old);
  }

  /** Removes what was not published. */
  @Override
  public void close() throws IOException {
    Directories.delete(part);
  }
}
