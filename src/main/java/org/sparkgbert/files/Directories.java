package org.sparkgbert.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories on this machine's disk. */
public final class Directories {
  private Directories() {}

  /**
   * Deletes a file, or a directory with everything in it; links are deleted, not followed. Does
   * nothing if the path does not exist.
   *
   * @throws IOException if something cannot be deleted
   */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(path)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : inside) {
      Files.delete(each);
    }
  }

  /**
   * Like {@link #delete}, for callers that do not handle the failure.
   *
   * @throws UncheckedIOException if something cannot be deleted
   */
  public static void deleteUnchecked(Path path) {
    try {
      delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + path + ": " + e.getMessage(), e);
    }
  }
}
