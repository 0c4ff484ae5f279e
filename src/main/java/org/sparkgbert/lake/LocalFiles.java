package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;

/**
 * What Hadoop's local file system leaves to the JVM: its renames copy where they cannot rename, and
 * it knows no links.
 */
final class LocalFiles {
  /** Where Linux lists what is mounted; the fifth field of a line is the directory. */
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private static final int MOUNT_POINT = 4;

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  private LocalFiles() {}

  /** Whether a file system is this machine's. */
  static boolean isLocal(FileSystem files) {
    return files.getUri().getScheme().equals("file");
  }

  private static Path local(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path("file", null, path.toString());
  }

  /**
   * Where a path leads; what is no link stays as it is, and a link may lead to nothing.
   *
   * @throws IOException if links go in a circle
   */
  static org.apache.hadoop.fs.Path follow(org.apache.hadoop.fs.Path path) throws IOException {
    Path followed = local(path);
    for (int links = 0; Files.isSymbolicLink(followed); links++) {
      if (links == MOST_LINKS) {
        throw new IOException("too many links");
      }
      followed =
          followed.getParent().toRealPath().resolve(Files.readSymbolicLink(followed)).normalize();
    }
    return followed.equals(local(path)) ? path : hadoop(followed);
  }

  /**
   * The one path of what a path leads to, without links; what is not there is named below what is.
   */
  static org.apache.hadoop.fs.Path real(org.apache.hadoop.fs.Path path) throws IOException {
    Path there = local(follow(path));
    Path below = Path.of("");
    while (!Files.exists(there) && there.getParent() != null) {
      below = there.getFileName().resolve(below);
      there = there.getParent();
    }
    return hadoop(there.toRealPath().resolve(below).normalize());
  }

  /**
   * Renames in one step or not at all.
   *
   * @throws IOException if that cannot be
   */
  static void move(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    try {
      Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          "Cannot rename %s to %s in one step: they lie on different file systems, or one of them is a mount point"
              .formatted(from, to),
          e);
    } catch (FileSystemException e) {
      throw new IOException(
          "Cannot rename %s to %s: %s"
              .formatted(from, to, e.getReason() == null ? "it is not there" : e.getReason()),
          e);
    }
  }

  /** Whether something is mounted at a directory, as far as this system tells. */
  static boolean isMountPoint(org.apache.hadoop.fs.Path directory) {
    Path path = local(directory);
    if (!Files.isDirectory(path) || !Files.isReadable(MOUNTS)) {
      return false;
    }
    try (Stream<String> mounts = Files.lines(MOUNTS, StandardCharsets.ISO_8859_1)) {
      String listed = asListed(path.toRealPath());
      return mounts.anyMatch(
          mount -> mount.split(" ", MOUNT_POINT + 2)[MOUNT_POINT].equals(listed));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(MOUNTS, e.getMessage()), e);
    }
  }

  /** The bytes of a path, of which some are written as octal numbers. */
  private static String asListed(Path path) {
    String bytes =
        new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return bytes
        .replace("\\", "\\134")
        .replace(" ", "\\040")
        .replace("\t", "\\011")
        .replace("\n", "\\012");
  }
}
