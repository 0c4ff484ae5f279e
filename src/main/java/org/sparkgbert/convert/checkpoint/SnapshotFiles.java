package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The files of a snapshot directory, which are in it or are blobs of the Hugging Face cache that it
 * belongs to ({@code blobs} next to {@code snapshots}).
 *
 * @param directory the snapshot
 */
record SnapshotFiles(Path directory) {
  /** Whether the directory has an entry of this name, even if it is a broken link. */
  boolean has(String name) {
    return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * A file of the snapshot.
   *
   * @throws IllegalArgumentException if there is no such file, or it is elsewhere; the message says
   *     where
   * @throws UncheckedIOException if the file system cannot tell
   */
  Path file(String name) {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "Cannot read %s: it must be a file, found %s".formatted(file, kind(file)));
    }
    Path real = real(file);
    if (!isOwn(real)) {
      throw new IllegalArgumentException(
          "Cannot read %s: it must be in its directory or in the blobs of its cache, found %s"
              .formatted(file, real));
    }
    return file;
  }

  private static String kind(Path path) {
    if (Files.isDirectory(path)) {
      return "a directory";
    }
    if (Files.isSymbolicLink(path)) {
      return "a link that does not lead to a file";
    }
    return Files.exists(path) ? "something else" : "nothing";
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(path, e), e);
    }
  }

  private boolean isOwn(Path real) {
    Path home = real(directory);
    if (real.startsWith(home)) {
      return true;
    }
    Path ancestor = home;
    while (ancestor != null && !ancestor.endsWith("snapshots")) {
      ancestor = ancestor.getParent();
    }
    return ancestor != null && ancestor.resolveSibling("blobs").equals(real.getParent());
  }
}
