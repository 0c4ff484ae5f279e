package org.sparkgbert.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;

/**
 * Refuses the files of tables that have a list of those that count: beside them lie deleted and old
 * rows.
 */
final class ForeignTables {
  private static final String DELTA_LOG = "_delta_log";
  private static final String ICEBERG = "metadata";
  private static final String HUDI = ".hoodie";

  private ForeignTables() {}

  /**
   * @param paths files or directories that are about to be read file by file
   * @throws IllegalArgumentException if one is, or lies in, a table of Delta Lake, Iceberg or Hudi;
   *     the message says how to read it
   */
  static void refuse(Collection<Path> paths, Configuration hadoop) {
    Set<Path> seen = new HashSet<>();
    for (Path path : paths) {
      for (Path part = path; part != null && seen.add(part); part = part.getParent()) {
        String format = formatOf(part, hadoop);
        if (!format.isEmpty()) {
          throw new IllegalArgumentException(
              "Cannot read %s: %s is a table of %s, whose files hold deleted and old rows too; read the table with --format %s --input %s"
                  .formatted(path, part, format, format, part));
        }
      }
    }
  }

  private static String formatOf(Path directory, Configuration hadoop) {
    try {
      FileSystem files = HadoopFiles.of(directory, hadoop);
      if (isDirectory(files, new Path(directory, DELTA_LOG))) {
        return "delta";
      }
      if (isDirectory(files, new Path(directory, HUDI))) {
        return "hudi";
      }
      return Arrays.stream(files.listStatus(new Path(directory, ICEBERG)))
              .anyMatch(file -> file.getPath().getName().endsWith(".metadata.json"))
          ? "iceberg"
          : "";
    } catch (IOException notThereOrNotOurs) {
      return "";
    }
  }

  private static boolean isDirectory(FileSystem files, Path path) throws IOException {
    try {
      FileStatus status = files.getFileStatus(path);
      return status.isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }
}
