package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;

/**
 * Where a table stands, and the hidden directory beside it, {@code .NAME.publish}, on the same file
 * system. In it the table that run RUN makes grows as {@code new-RUN}, and the one that it replaces
 * waits as {@code old-RUN}.
 *
 * @param files the file system
 * @param target the table's directory; it is no link
 */
record TablePlace(FileSystem files, Path target) {
  /** Name of the directory of a table that is not published yet; the run's id follows. */
  static final String NEW = "new-";

  /** Name of the directory of a table that is being replaced; the run's id follows. */
  static final String OLD = "old-";

  private static final Set<String> ATOMIC_RENAME =
      Set.of("file", "hdfs", "viewfs", "abfs", "abfss");

  /**
   * The place of a table, where links lead.
   *
   * @throws IllegalArgumentException if it is a root
   */
  static TablePlace of(String table, Configuration hadoop) {
    Path path = new Path(table);
    FileSystem files = HadoopFiles.of(path, hadoop);
    Path target = files.makeQualified(path);
    if (target.getParent() == null) {
      throw new IllegalArgumentException("Cannot write table: %s is a root".formatted(target));
    }
    try {
      return new TablePlace(files, LocalFiles.isLocal(files) ? LocalFiles.follow(target) : target);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot follow the link %s: %s".formatted(target, e.getMessage()), e);
    }
  }

  /** The hidden directory. */
  Path work() {
    return child(target.getParent(), "." + target.getName() + ".publish");
  }

  /** Where the new table of a run grows. */
  Path staging(String runId) {
    return child(work(), NEW + runId);
  }

  /** Where the table waits that a run replaces. */
  Path old(String runId) {
    return child(work(), OLD + runId);
  }

  /** A name may hold a colon, which Hadoop takes for the end of a scheme. */
  private static Path child(Path parent, String name) {
    return new Path(parent, new Path(null, null, name));
  }

  boolean exists() throws IOException {
    return files.exists(target);
  }

  /** Whether a rename on this file system happens at once or not at all. */
  boolean isAtomic() {
    return ATOMIC_RENAME.contains(files.getUri().getScheme());
  }

  /**
   * Renames a directory; on the local disk in one step or not at all.
   *
   * @throws IOException if the file system refuses
   */
  void rename(Path from, Path to) throws IOException {
    if (LocalFiles.isLocal(files)) {
      LocalFiles.move(from, to);
    } else if (!files.rename(from, to)) {
      throw new IOException("Cannot rename %s to %s: the file system refused".formatted(from, to));
    }
  }

  /**
   * Finds out what would make the last rename fail, before work is spent.
   *
   * @throws IllegalArgumentException if the table's directory cannot be renamed
   */
  void requireRenameable() {
    if (LocalFiles.isLocal(files) && LocalFiles.isMountPoint(target)) {
      throw new IllegalArgumentException(
          "Cannot write table: %s is a mount point, which no other directory can replace; choose a directory inside it"
              .formatted(target));
    }
  }

  /** The manifest of a table; empty if it has none that can be read. */
  private Optional<RunManifest> manifest(Path table) throws IOException {
    Path file = new Path(table, RunManifest.FILE);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(RunManifest.read(files, file));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * Whether a run's table stands somewhere whole: its manifest and all that the manifest lists.
   *
   * @param table where it should be
   */
  boolean isComplete(Path table, String runId) throws IOException {
    Optional<RunManifest> manifest = manifest(table).filter(found -> found.runId().equals(runId));
    return manifest.isPresent() && hasAll(table, manifest.get());
  }

  private boolean hasAll(Path table, RunManifest manifest) throws IOException {
    for (RunManifest.DataFile file : manifest.files()) {
      Path path = new Path(table, file.path());
      if (!files.exists(path) || files.getFileStatus(path).getLen() != file.bytes()) {
        return false;
      }
    }
    for (String part : manifest.parts()) {
      if (!files.exists(new Path(table, part))) {
        return false;
      }
    }
    return true;
  }

  /** What lies in the hidden directory; nothing if there is none. */
  FileStatus[] left() throws IOException {
    return files.exists(work()) ? files.listStatus(work()) : new FileStatus[0];
  }
}
