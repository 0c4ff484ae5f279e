package org.sparkgbert.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.files.Directories;
import org.sparkgbert.files.HadoopFiles;

/**
 * Copies of remote bundles on this node's disk, one per bundle checksum, shared by all JVMs of the
 * node.
 *
 * <p>A copy is made under a file lock of the operating system, in a directory with a temporary
 * name, verified, and then renamed in one step: a process that dies leaves nothing that looks like
 * a bundle.
 */
public final class NodeCache {
  private final Path root;
  private final Configuration hadoop;

  /**
   * @param root directory of the copies, created if it is missing
   * @param hadoop settings for the remote file system
   */
  public NodeCache(Path root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  /** The default cache, which all JVMs of this user on this node share. */
  public static Path defaultRoot() {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "spark-gbert-models-" + System.getProperty("user.name"));
  }

  /**
   * The local copy of a bundle, copied first if this node has none.
   *
   * <p><b>Threads:</b> safe, across JVMs too.
   *
   * @param uri the bundle's directory on any Hadoop file system
   * @throws IllegalArgumentException if there is no bundle, or the copy does not match its manifest
   * @throws UncheckedIOException if it cannot be read, or the copy cannot be written
   */
  public Path fetch(String uri) {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(uri);
    try {
      FileSystem files = HadoopFiles.of(source, hadoop);
      byte[] json = readManifest(source);
      Path copy = root.resolve("bundle-" + Checksums.sha256(json).substring(0, 32));
      if (!Files.isDirectory(copy)) {
        Files.createDirectories(root);
        copyLocked(files, source, json, copy);
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot fetch bundle " + uri + ": " + e, e);
    }
  }

  private byte[] readManifest(org.apache.hadoop.fs.Path source) {
    return HadoopFiles.read(new org.apache.hadoop.fs.Path(source, BundleManifest.FILE), hadoop)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot fetch bundle %s: it needs a %s, found none"
                        .formatted(source, BundleManifest.FILE)));
  }

  private static BundleManifest parseManifest(org.apache.hadoop.fs.Path source, byte[] json) {
    try {
      return BundleManifest.parse(new String(json, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot fetch bundle %s: %s is not a manifest, %s"
              .formatted(source, BundleManifest.FILE, e.getMessage()),
          e);
    }
  }

  /** A file lock is held by the whole JVM, hence the monitor around it. */
  private static synchronized void copyLocked(
      FileSystem files, org.apache.hadoop.fs.Path source, byte[] json, Path copy)
      throws IOException {
    Path lockFile = copy.resolveSibling(copy.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.isDirectory(copy)) {
        copy(files, source, json, copy);
      }
    }
  }

  private static void copy(
      FileSystem files, org.apache.hadoop.fs.Path source, byte[] json, Path copy)
      throws IOException {
    BundleManifest manifest = parseManifest(source, json);
    Path part = copy.resolveSibling(copy.getFileName() + ".part");
    Directories.delete(part);
    Files.createDirectory(part);
    for (BundleFile file : manifest.files()) {
      try (InputStream in = files.open(new org.apache.hadoop.fs.Path(source, file.name()))) {
        Files.copy(in, part.resolve(file.name()));
      }
      Bundle.verify(part, file);
    }
    Files.write(part.resolve(BundleManifest.FILE), json);
    Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
  }
}
