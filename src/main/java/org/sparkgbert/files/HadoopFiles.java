package org.sparkgbert.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Small files on any file system that Hadoop supports, by path. */
public final class HadoopFiles {
  private HadoopFiles() {}

  /**
   * The file system of a path.
   *
   * <p><b>Ownership:</b> Hadoop makes it, keeps it for others, and closes it.
   *
   * @throws UncheckedIOException if Hadoop supports none for this path, or cannot reach it
   */
  public static FileSystem of(Path path, Configuration hadoop) {
    try {
      return path.getFileSystem(hadoop);
    } catch (IOException e) {
      throw failed("open the file system of", path, e);
    }
  }

  /**
   * The status of a path; empty if it does not exist.
   *
   * @throws UncheckedIOException if the file system fails
   */
  public static Optional<FileStatus> status(Path path, Configuration hadoop) {
    try {
      return Optional.of(of(path, hadoop).getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  /**
   * Whether a path exists, as a file or a directory.
   *
   * @throws UncheckedIOException if the file system fails
   */
  public static boolean exists(Path path, Configuration hadoop) {
    return status(path, hadoop).isPresent();
  }

  /**
   * The content of a file, empty if there is no such file.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static Optional<byte[]> read(Path file, Configuration hadoop) {
    try (InputStream in = of(file, hadoop).open(file)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  /**
   * The content of a file in UTF-8, empty if there is no such file.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static Optional<String> readText(Path file, Configuration hadoop) {
    return read(file, hadoop).map(content -> new String(content, StandardCharsets.UTF_8));
  }

  /**
   * Writes a new file in UTF-8.
   *
   * @throws IOException if it exists, or cannot be written
   */
  public static void write(FileSystem files, Path file, String text) throws IOException {
    try (OutputStream out = files.create(file, false)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Writes a file in UTF-8 and replaces an existing one, which stays until the new file is
   * complete.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public static void replace(Path file, String text, Configuration hadoop) {
    FileSystem files = of(file, hadoop);
    Path part = new Path(file.getParent(), "." + file.getName() + ".part");
    try {
      files.delete(part, false);
      write(files, part, text);
      files.delete(file, false);
      if (!files.rename(part, file)) {
        throw new IOException("the file system refused to rename " + part);
      }
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  private static UncheckedIOException failed(String what, Path path, IOException cause) {
    return new UncheckedIOException(
        "Cannot %s %s: %s".formatted(what, path, cause.getMessage()), cause);
  }
}
