package org.sparkgbert.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Small files on any file system that Hadoop supports, by path. */
public final class HadoopFiles {
  private static final Pattern COLON_IN_NAME = Pattern.compile("[^/]*:(?!/).*");

  /** File systems where a file appears whole, or not at all, when it is closed. */
  private static final Set<String> OBJECT_STORES = Set.of("s3a", "gs", "oss", "cosn", "obs");

  private HadoopFiles() {}

  /**
   * A path as Hadoop can read it: without a slash after it, a colon in the first name ends no
   * scheme but belongs to the name of something in the working directory.
   */
  public static String unambiguous(String path) {
    return COLON_IN_NAME.matcher(path).matches() ? "./" + path : path;
  }

  /**
   * The file system of a path.
   *
   * <p><b>Ownership:</b> Hadoop makes it, keeps it for others, and closes it.
   *
   * @throws IllegalArgumentException if Hadoop has none for this path
   * @throws UncheckedIOException if it cannot be reached
   */
  public static FileSystem of(Path path, Configuration hadoop) {
    try {
      return path.getFileSystem(hadoop);
    } catch (IOException | RuntimeException e) {
      Optional<String> remedy = MissingFileSystem.remedy(e.toString());
      if (remedy.isPresent()) {
        throw new IllegalArgumentException(
            "Cannot open the file system of %s: %s".formatted(path, remedy.get()), e);
      }
      throw e instanceof IOException broken
          ? failed("open the file system of", path, broken)
          : (RuntimeException) e;
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
   * What is in a directory; of a file, the file; empty if there is nothing at the path.
   *
   * @throws UncheckedIOException if the file system fails
   */
  public static List<Path> children(Path path, Configuration hadoop) {
    try {
      return Arrays.stream(of(path, hadoop).listStatus(path)).map(FileStatus::getPath).toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", path, e);
    }
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
   * SHA-256 of a file.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static String sha256(Path file, Configuration hadoop) {
    try (InputStream in = of(file, hadoop).open(file)) {
      return Checksums.sha256(in);
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  /**
   * Writes a new file in UTF-8.
   *
   * @throws IOException if it exists, or cannot be written
   */
  public static void write(FileSystem files, Path file, String text) throws IOException {
    write(files, file, text, false);
  }

  private static void write(FileSystem files, Path file, String text, boolean overwrite)
      throws IOException {
    try (OutputStream out = files.create(file, overwrite)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Writes a file in UTF-8 and replaces an existing one in one step: whoever reads meanwhile, or
   * after this process died, finds the old content or the new one.
   *
   * <p>On local disks and HDFS this is a rename over the old file. Object stores show a file when
   * it is closed. What other file systems do between the two is theirs.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public static void replace(Path file, String text, Configuration hadoop) {
    FileSystem files = of(file, hadoop);
    try {
      if (showsFilesWhole(files)) {
        write(files, file, text, true);
        return;
      }
      Path part =
          new Path(file.getParent(), ".%s.%s.part".formatted(file.getName(), UUID.randomUUID()));
      try {
        write(files, part, text, true);
        rename(files, part, file, hadoop);
      } catch (IOException e) {
        files.delete(part, false);
        throw e;
      }
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  private static void rename(FileSystem files, Path part, Path file, Configuration hadoop)
      throws IOException {
    if (files.getUri().getScheme().equals("file")) {
      replaceLocal(files, part, file);
    } else {
      FileContext.getFileContext(files.getUri(), hadoop)
          .rename(part, file, Options.Rename.OVERWRITE);
    }
  }

  /** Whether a file appears whole, or not at all, when it is closed. */
  public static boolean showsFilesWhole(FileSystem files) {
    return OBJECT_STORES.contains(files.getUri().getScheme());
  }

  /** Hadoop's checksum of the old file would not fit the new one, and one of neither is none. */
  private static void replaceLocal(FileSystem files, Path part, Path file) throws IOException {
    files.delete(checksum(part), false);
    files.delete(checksum(file), false);
    Files.move(local(part), local(file), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path checksum(Path file) {
    return new Path(file.getParent(), "." + file.getName() + ".crc");
  }

  private static java.nio.file.Path local(Path file) {
    return java.nio.file.Path.of(file.toUri().getPath());
  }

  private static UncheckedIOException failed(String what, Path path, IOException cause) {
    return new UncheckedIOException(
        "Cannot %s %s: %s".formatted(what, path, cause.getMessage()), cause);
  }
}
