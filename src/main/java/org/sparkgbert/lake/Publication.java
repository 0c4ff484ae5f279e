package org.sparkgbert.lake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.files.HadoopFiles;

/**
 * Makes a directory visible under its name in one step.
 *
 * <p>The new table grows in a hidden directory beside its target, {@code .NAME.publish/new-RUN}.
 * Its manifest comes last. Then one rename gives it its name; a table that was there is renamed
 * away first, to {@code .NAME.publish/old-RUN}, and deleted after. A run that dies between the two
 * renames leaves a complete new table without its name: the next run gives it that name before it
 * does anything else.
 *
 * <p><b>Ownership:</b> owns the hidden directory until {@link #close}.
 */
final class Publication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
  private static final Set<String> ATOMIC_RENAME =
      Set.of("file", "hdfs", "viewfs", "abfs", "abfss");
  private static final String NEW = "new-";
  private static final String OLD = "old-";

  /** File in the staging directory until it is published; readers of tables do not see its name. */
  static final String MARK = "_unpublished";

  private final FileSystem files;
  private final Path target;
  private final Path work;
  private final String runId;
  private final WriteMode mode;
  private final Lease lease;

  private Publication(
      FileSystem files, Path target, Path work, String runId, WriteMode mode, Lease lease) {
    this.files = files;
    this.target = target;
    this.work = work;
    this.runId = runId;
    this.mode = mode;
    this.lease = lease;
  }

  /**
   * Takes the lease on a target, and mends what a run that died left there.
   *
   * @throws IllegalArgumentException if the target is there and must not be overwritten, if it is
   *     no table, or if another run is writing it
   */
  static Publication begin(String target, WriteMode mode, String runId, Configuration hadoop)
      throws IOException {
    return begin(target, mode, LeaseHolder.self(runId), hadoop, Lease.HEARTBEAT.multipliedBy(3));
  }

  static Publication begin(
      String target, WriteMode mode, LeaseHolder writer, Configuration hadoop, Duration expiry)
      throws IOException {
    FileSystem files = HadoopFiles.of(new Path(target), hadoop);
    Path table = files.makeQualified(new Path(target));
    if (table.getParent() == null) {
      throw new IllegalArgumentException("Cannot write table: %s is a root".formatted(table));
    }
    Path work = new Path(table.getParent(), "." + table.getName() + ".publish");
    files.mkdirs(work);
    Lease lease;
    try {
      lease = Lease.acquire(files, work, writer, expiry);
    } catch (IOException | RuntimeException e) {
      removeIfEmpty(files, work);
      throw e;
    }
    Publication publication = new Publication(files, table, work, writer.runId(), mode, lease);
    try {
      publication.mend();
      publication.requireFree();
      HadoopFiles.write(files, publication.mark(), writer.runId());
      return publication;
    } catch (IOException | RuntimeException e) {
      publication.close();
      throw e;
    }
  }

  /** Whether a rename on this file system happens at once or not at all. */
  boolean isAtomic() {
    return ATOMIC_RENAME.contains(files.getUri().getScheme());
  }

  /** What users of this file system should know; empty where renames are one step. */
  String warning() {
    return isAtomic()
        ? ""
        : "A rename on "
            + files.getUri().getScheme()
            + " is no single step: a reader may see part of a table, and a run that dies may leave"
            + " one. A table format (--output-format iceberg or delta) publishes in one step there.";
  }

  /** Where the new table grows. */
  Path staging() {
    return new Path(work, NEW + runId);
  }

  /** Whoever takes the lease clears the staging directory; if it grows again, this is not there. */
  private Path mark() {
    return new Path(staging(), MARK);
  }

  /** The file system of target and staging. */
  FileSystem files() {
    return files;
  }

  private void mend() throws IOException {
    for (FileStatus left : files.listStatus(work)) {
      String name = left.getPath().getName();
      if (name.startsWith(OLD) && !files.exists(target)) {
        Path complete = new Path(work, NEW + name.substring(OLD.length()));
        boolean forward = files.exists(new Path(complete, RunManifest.FILE));
        LOG.warn("A run died while it published {}; finishing its work", target);
        files.delete(new Path(complete, MARK), false);
        rename(forward ? complete : left.getPath(), target);
      }
    }
    for (FileStatus left : files.listStatus(work)) {
      String name = left.getPath().getName();
      if (name.startsWith(NEW) || name.startsWith(OLD)) {
        lease.requireHeld();
        files.delete(left.getPath(), true);
      }
    }
  }

  private void requireFree() throws IOException {
    if (!files.exists(target)) {
      return;
    }
    switch (mode) {
      case ERROR ->
          throw new IllegalArgumentException(
              "Cannot write table: %s exists; choose another output or --mode overwrite"
                  .formatted(target));
      case OVERWRITE -> requireTable();
    }
  }

  /** Overwriting deletes, so what is overwritten has to look like a table. */
  private void requireTable() throws IOException {
    if (files.getFileStatus(target).isFile()) {
      throw new IllegalArgumentException(
          "Cannot overwrite %s: it is a file, no table".formatted(target));
    }
    List<String> parts = parts();
    for (FileStatus child : files.listStatus(target)) {
      String name = child.getPath().getName();
      boolean ofTable =
          parts.contains(name)
              || name.startsWith("_")
              || name.startsWith(".")
              || (child.isDirectory() ? name.contains("=") : name.endsWith(".parquet"));
      if (!ofTable) {
        throw new IllegalArgumentException(
            "Cannot overwrite %s: it is no Parquet table, found %s".formatted(target, name));
      }
    }
  }

  /** What a run of ours put there besides data files. */
  private List<String> parts() throws IOException {
    if (!files.exists(new Path(target, RunManifest.FILE))) {
      return List.of();
    }
    try {
      return manifest(target).parts();
    } catch (IllegalArgumentException e) {
      LOG.warn("Cannot tell the parts of {}: {}", target, e.getMessage());
      return List.of();
    }
  }

  /**
   * Gives the new table its name.
   *
   * @throws IOException if a rename fails, or another run took the lease or cleared the staging
   *     directory while this one stood still; the old table is then in its place
   */
  void commit() throws IOException {
    boolean replaces = files.exists(target);
    if (replaces) {
      requireFree();
    }
    requireOwn(staging());
    try {
      if (replaces) {
        requireMark(files.exists(mark()));
        rename(target, old());
      }
      lease.requireHeld();
      requireMark(files.delete(mark(), false));
      rename(staging(), target);
      requireOwn(target);
    } catch (IOException | RuntimeException e) {
      undo(e);
      throw e;
    }
    if (replaces) {
      deleteReplaced(old());
    }
  }

  private Path old() {
    return new Path(work, OLD + runId);
  }

  private void requireMark(boolean isThere) throws IOException {
    if (!isThere) {
      throw new IOException(
          "another run cleared %s while this one stood still".formatted(staging()));
    }
  }

  /** Whoever lost the lease still puts back what it took away. */
  private void undo(Exception failure) {
    try {
      if (files.exists(target)) {
        files.delete(new Path(target, staging().getName()), true);
      } else if (files.exists(old())) {
        renameUnguarded(old(), target);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** The new table is visible by now, so nothing that happens here is the run's failure. */
  private void deleteReplaced(Path old) {
    try {
      if (files.delete(old, true)) {
        return;
      }
      LOG.warn("Cannot delete the table that was replaced, {}; the next run will", old);
    } catch (IOException e) {
      LOG.warn("Cannot delete the table that was replaced, {}; the next run will", old, e);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    lease.requireHeld();
    renameUnguarded(from, to);
  }

  private void renameUnguarded(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("Cannot rename %s to %s: the file system refused".formatted(from, to));
    }
  }

  /** A rename onto a directory that appeared meanwhile would have moved the table inside it. */
  private void requireOwn(Path table) throws IOException {
    if (!manifest(table).runId().equals(runId)) {
      throw new IOException("Cannot publish %s: another table stands there".formatted(table));
    }
  }

  private RunManifest manifest(Path table) throws IOException {
    try (InputStream in = files.open(new Path(table, RunManifest.FILE))) {
      return RunManifest.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /**
   * Removes what is left of the hidden directory, and releases the target. Whoever lost the lease
   * between its renames leaves both tables to the run that has it.
   */
  @Override
  public void close() throws IOException {
    try (lease) {
      if (lease.isHeld() || !files.exists(old())) {
        files.delete(staging(), true);
      }
    }
    removeIfEmpty(files, work);
  }

  /** An empty hidden directory harms nobody, and another run may be about to use it. */
  private static void removeIfEmpty(FileSystem files, Path work) {
    try {
      if (files.listStatus(work).length == 0) {
        files.delete(work, false);
      }
    } catch (IOException e) {
      LOG.info("Leaving {}: {}", work, e.toString());
    }
  }
}
