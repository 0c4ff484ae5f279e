package org.sparkgbert.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files of Parquet tables as somebody handles them who knows nothing of manifests. */
final class TableFiles {
  private TableFiles() {}

  /** Copies the files of a table, without its manifest, to a directory that need not exist. */
  static void copy(Path table, Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(table)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
  }
}
