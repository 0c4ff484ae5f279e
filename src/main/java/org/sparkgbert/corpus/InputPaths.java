package org.sparkgbert.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;

/**
 * Paths as users write them: what is there is itself, whatever its name; anything else is a glob.
 */
public final class InputPaths {
  private InputPaths() {}

  /**
   * Finds what a path or glob names.
   *
   * @return files and directories with their whole paths; none if nothing is there
   * @throws UncheckedIOException if the file system fails
   */
  public static List<Path> find(String path, Configuration hadoop) {
    Path named = new Path(path);
    FileSystem files = HadoopFiles.of(named, hadoop);
    if (HadoopFiles.exists(named, hadoop)) {
      return List.of(files.makeQualified(named));
    }
    try {
      FileStatus[] matches = files.globStatus(named);
      return matches == null ? List.of() : Arrays.stream(matches).map(FileStatus::getPath).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + path + ": " + e.getMessage(), e);
    }
  }
}
