package org.sparkgbert.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Small files of text in a directory on any file system that Hadoop knows; a file is replaced
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

  /** Writes a file, in place of what is there. */
  void write(String name, String text) {
    Path file = new Path(directory, name);
    Path part = new Path(directory, "." + name + ".part");
    try {
      FileSystem files = file.getFileSystem(hadoop);
      try (OutputStream out = files.create(part, true)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      files.delete(file, false);
      if (!files.rename(part, file)) {
        throw new IOException("the file system refused to rename " + part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
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
   * @throws IllegalArgumentException if the directory is a file, or the file is there and has other
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
    Path path = new Path(directory);
    try {
      FileSystem files = path.getFileSystem(hadoop);
      if (files.exists(path) && files.getFileStatus(path).isFile()) {
        throw new IllegalArgumentException(
            "Cannot write an evaluation: it needs a directory, found the file " + directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private String read(String name) {
    Path file = new Path(directory, name);
    try {
      FileSystem files = file.getFileSystem(hadoop);
      if (!files.exists(file)) {
        return "";
      }
      try (InputStream in = files.open(file)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
