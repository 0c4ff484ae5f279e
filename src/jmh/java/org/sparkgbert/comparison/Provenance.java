package org.sparkgbert.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What something was made of, so that it is made again only if that changes.
 *
 * @param stamp file that says what an earlier run made it of
 * @param sources names, sizes and times of the files that it is made of now
 */
record Provenance(Path stamp, String sources) {

  /**
   * Looks at the files.
   *
   * @param roots files and directories that it is made of
   */
  static Provenance of(Path stamp, List<Path> roots) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path root : roots) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          lines.add("%s %d %s".formatted(file, Files.size(file), Files.getLastModifiedTime(file)));
        }
      }
    }
    return new Provenance(stamp, String.join("\n", lines));
  }

  /** Whether it has been made of these files. */
  boolean isCurrent() throws IOException {
    return Files.exists(stamp) && Files.readString(stamp).equals(sources);
  }

  /** Says that it has been made of these files now. */
  void record() throws IOException {
    Files.writeString(stamp, sources);
  }
}
