package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

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

  /**
   * This machine's disk, without checksum files and without a look at who the user is, which a
   * process without an account cannot answer.
   *
   * @throws IOException never, as far as Hadoop documents it
   */
  static FileSystem disk() throws IOException {
    FileSystem disk = new Disk();
    disk.initialize(URI.create("file:///"), new Configuration(false));
    return disk;
  }

  /** Leaves permissions to the system, since Hadoop would run a command for them. */
  private static final class Disk extends RawLocalFileSystem {
    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      return create(file, overwrite, bufferSize, replication, blockSize, progress);
    }
  }

  /** Whether a file system is this machine's. */
  static boolean isLocal(FileSystem files) {
    return files.getUri().getScheme().equals("file");
  }

  static Path local(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }

  static org.apache.hadoop.fs.Path hadoop(Path path) {
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

  /**
   * Gives a file a second name, and so the checksums that Hadoop keeps beside it.
   *
   * @return false if this cannot be, so that it has to be copied
   * @throws IOException if there is no such file
   */
  static boolean link(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    if (Files.isSymbolicLink(local(from))) {
      return false;
    }
    Path checksums = checksums(local(from));
    try {
      if (Files.exists(checksums)) {
        linkOnce(checksums, checksums(local(to)));
      }
      linkOnce(local(from), local(to));
      return true;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return false;
    }
  }

  private static void linkOnce(Path from, Path to) throws IOException {
    if (!Files.exists(to) || !Files.isSameFile(from, to)) {
      Files.createLink(to, from);
    }
  }

  private static Path checksums(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".crc");
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
