package org.sparkgbert.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.files.Directories;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.files.PrivateDirectory;

/**
 * Copies of remote bundles on this node's disk, one per bundle checksum, shared by all JVMs of one
 * user on the node. Nobody else may write there.
 *
 * <p>A copy is made under a file lock of the operating system, in a directory with a temporary
 * name, verified, and then renamed in one step: a process that dies leaves nothing that looks like
 * a bundle. A copy that is found is verified once per JVM, and made again if it is not what its
 * name says.
 */
public final class NodeCache {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCache.class);

  /** Digits of the checksum in a copy's name. */
  private static final int NAME_DIGITS = 32;

  private final Path root;
  private final Configuration hadoop;

  /**
   * @param root directory of the copies, created for this user alone if it is missing
   * @param hadoop settings for the remote file system
   */
  public NodeCache(Path root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  /**
   * The default cache: in the user's directory for caches, or for users without a home in the
   * temporary directory.
   */
  public static Path defaultRoot() {
    return defaultRoot(System.getenv(), System.getProperty("user.home"));
  }

  static Path defaultRoot(Map<String, String> environment, String home) {
    Path caches = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    if (caches.isAbsolute()) {
      return caches.resolve("spark-gbert").resolve("models");
    }
    Path user = Path.of(home);
    return user.isAbsolute() && Files.isWritable(user)
        ? user.resolve(".cache").resolve("spark-gbert").resolve("models")
        : Path.of(
            System.getProperty("java.io.tmpdir"),
            "spark-gbert-models-" + System.getProperty("user.name"));
  }

  /**
   * The local copy of a bundle, copied first if this node has none.
   *
   * <p><b>Threads:</b> safe, across JVMs too.
   *
   * @param uri the bundle's directory on any Hadoop file system
   * @throws IllegalArgumentException if there is no bundle, the copy does not match its manifest,
   *     or others than this user may write to the cache
   * @throws UncheckedIOException if it cannot be read, or the copy cannot be written
   */
  public Path fetch(String uri) {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(uri);
    try {
      FileSystem files = HadoopFiles.of(source, hadoop);
      byte[] json = readManifest(files, source);
      String checksum = Checksums.sha256(json);
      Path copy = ownRoot().resolve("bundle-" + checksum.substring(0, NAME_DIGITS));
      if (!isCopy(copy, checksum)) {
        copyLocked(files, source, json, copy);
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot fetch bundle " + uri + ": " + e, e);
    }
  }

  private Path ownRoot() throws IOException {
    try {
      return PrivateDirectory.of(root);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; choose another for copies of models (--model-cache)", e);
    }
  }

  /**
   * Whether a directory holds the bundle that its name promises; files in it may have been lost.
   */
  private static boolean isCopy(Path copy, String checksum) {
    if (!Files.isDirectory(copy)) {
      return false;
    }
    try {
      Bundle found = Bundle.open(copy);
      if (found.checksum().equals(checksum)) {
        return true;
      }
      LOG.warn("Copying a model again: {} holds another bundle, {}", copy, found.checksum());
    } catch (IllegalArgumentException damaged) {
      LOG.warn("Copying a model again: {}", damaged.getMessage());
    }
    return false;
  }

  private static byte[] readManifest(FileSystem files, org.apache.hadoop.fs.Path source)
      throws IOException {
    try (InputStream in = files.open(new org.apache.hadoop.fs.Path(source, BundleManifest.FILE))) {
      return BundleManifest.readBytes(in);
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(
          "Cannot fetch bundle %s: it needs a %s, found none"
              .formatted(source, BundleManifest.FILE),
          e);
    } catch (IllegalArgumentException e) {
      throw notAManifest(source, e);
    }
  }

  private static BundleManifest parseManifest(org.apache.hadoop.fs.Path source, byte[] json) {
    try {
      return BundleManifest.parse(json);
    } catch (IllegalArgumentException e) {
      throw notAManifest(source, e);
    }
  }

  private static IllegalArgumentException notAManifest(
      org.apache.hadoop.fs.Path source, IllegalArgumentException reason) {
    return new IllegalArgumentException(
        "Cannot fetch bundle %s: %s is not a manifest, %s"
            .formatted(source, BundleManifest.FILE, reason.getMessage()),
        reason);
  }

  /** A file lock is held by the whole JVM, hence the monitor around it. */
  private static synchronized void copyLocked(
      FileSystem files, org.apache.hadoop.fs.Path source, byte[] json, Path copy)
      throws IOException {
    Path lockFile = copy.resolveSibling(copy.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !isCopy(copy, Checksums.sha256(json))) {
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
      org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(source, file.name());
      requireSize(source, file, files.getFileStatus(remote).getLen());
      try (InputStream in = files.open(remote)) {
        Files.copy(in, part.resolve(file.name()));
      }
      Bundle.verify(part, file);
    }
    Files.write(part.resolve(BundleManifest.FILE), json);
    Directories.delete(copy);
    Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A file that is too long would be copied to the end of the disk. */
  private static void requireSize(org.apache.hadoop.fs.Path source, BundleFile file, long bytes) {
    if (bytes != file.size()) {
      throw new IllegalArgumentException(
          "Cannot fetch bundle %s: %s is damaged, expected %d bytes, found %d bytes"
              .formatted(source, file.name(), file.size(), bytes));
    }
  }
}
