package org.sparkgbert.sts;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;

/**
 * Small text files in a directory on any file system that Hadoop supports; a file is replaced as a
 * whole.
 *
 * @param directory where they are
 * @param hadoop how to reach it
 */
record EvaluationFiles(String directory, Configuration hadoop) {

  /** The path of a file. */
  String path(String name) {
    return new Path(directory, name).toString();
  }

  /** Writes a file, replacing an existing one. */
  void write(String name, String text) {
    HadoopFiles.replace(new Path(directory, name), text, hadoop);
  }

  /**
   * Adds a line to a file of comma-separated values.
   *
   * @throws IllegalArgumentException if the file has other columns
   */
  void append(String name, String header, String line) {
    requireColumns(name, header);
    String before = read(name);
    String lines = before.isEmpty() ? header + "\n" : before;
    write(name, lines + (lines.endsWith("\n") ? "" : "\n") + line + "\n");
  }

  /**
   * @throws IllegalArgumentException if the directory is a file, or the file exists and has other
   *     columns
   */
  void requireColumns(String name, String header) {
    requireNoFile();
    String found = read(name).lines().findFirst().orElse(header);
    if (!found.equals(header)) {
      throw new IllegalArgumentException(
          "Cannot add to %s: its columns must be %s, found %s; choose another directory"
              .formatted(path(name), header, found));
    }
  }

  private void requireNoFile() {
    if (HadoopFiles.status(new Path(directory), hadoop).filter(FileStatus::isFile).isPresent()) {
      throw new IllegalArgumentException(
          "Cannot write an evaluation: it needs a directory, found the file " + directory);
    }
  }

  private String read(String name) {
    return HadoopFiles.readText(new Path(directory, name), hadoop).orElse("");
  }
}
